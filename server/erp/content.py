"""Compares what a held body would commit with what was asked, in canonical form."""

from collections.abc import Mapping
from decimal import Decimal

from server.erp.classify import Armed, Verdict
from server.erp.editor_fields import Fields, plain, property_of, warnings_ignored
from server.erp.formats import number
from server.erp.rules import KindRule

Expected = str | Decimal


def missing_content(kind: KindRule, content: Mapping[str, Expected]) -> list[str]:
    """The groups of names of which a ticket of this kind must give one and gives none."""
    return [
        " or ".join(group) for group in kind.content if not any(name in content for name in group)
    ]


def mismatches(
    verdict: Verdict, armed: Armed, target: str, content: Mapping[str, Expected], kind: KindRule
) -> list[str]:
    """Names of everything in the held body that the ticket does not say; empty = exactly as asked."""
    wrong = []
    if verdict.kind != armed.kind:
        wrong.append("kind")
    if verdict.target != target:
        wrong.append("target")
    for name, expected in content.items():
        if verdict.ahead and property_of(name) in armed.changes:
            continue  # the form takes the choice over only after its own callback
        if not same(expected, verdict.fields, name):
            wrong.append(name)
    changes = {name for name in verdict.seen.get("changed", "").split(", ") if name}
    wrong += [f"{name} (changed)" for name in sorted(changes - armed.changes)]
    if kind.filter and not verdict.fields.get("SetFilter", "").endswith(kind.filter):
        wrong.append("SetFilter (not all)")
    if kind.closed:
        wrong += _left_open(verdict.fields)
        if warnings_ignored(verdict.fields) != kind.ignoring:
            wrong.append("ErrorInfo (not ticked)" if kind.ignoring else "ErrorInfo (ticked)")
    return wrong


def _left_open(fields: Fields) -> list[str]:
    """Rows of nested grids that must not be open in a form that is saved."""
    properties = {property_of(name) for name in fields if not name.startswith("?")}
    rows = sorted({name.partition(".")[0] for name in properties if "." in name})
    return [f"{row} (open)" for row in rows]


def same(expected: Expected, fields: Fields, name: str) -> bool:
    """Does the form hold the expected value: equal texts (see ``plain``) or equal numbers?

    A number must be readable in one way (``formats.number``); a missing field equals nothing.
    """
    found = fields.get(name)
    if found is None:
        return False
    if isinstance(expected, str):
        return plain(found) == plain(expected)
    try:
        return number(found) == expected
    except ValueError:
        return False
