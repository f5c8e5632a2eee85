"""Reads requests.toml, the one list of what may leave the browser, into typed rules."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

Word = Literal["PASS", "AUTH", "WRITE"]
Target = Literal["customer", "object", "selection", "vat"]


@dataclass(frozen=True)
class GridRule:
    """Class of some commands on the controls that a pattern names; also for combos, tabs, notices.

    ``arguments``: only with exactly one of these after the command; empty: whatever follows it.
    """

    control: re.Pattern[str]
    commands: frozenset[str]
    word: Word
    kind: str
    arguments: frozenset[str]


@dataclass(frozen=True)
class XafRule:
    """Class of one action with a fixed handler and argument, on pages whose path fits.

    ``postback``: also when the whole page is posted instead of a callback.
    """

    handler: re.Pattern[str]
    argument: re.Pattern[str]
    path: re.Pattern[str]
    word: Word
    postback: bool


@dataclass(frozen=True)
class ActionRule:
    """Class of a menu item by its name (the framework's action id), on pages whose path fits.

    ``ignoring``: its kind where the form says that warnings are to be ignored.
    """

    path: re.Pattern[str]
    word: Word
    kind: str
    ignoring: str


@dataclass(frozen=True)
class EditRule:
    """Class of an immediate post that changes one property; ``again``: or that posts it unchanged."""

    word: Word
    kind: str
    again: bool


@dataclass(frozen=True)
class KindRule:
    """What a ticket of one kind must say and what the held body must prove.

    ``filter``: how the value of the list's view filter must end.
    """

    target: Target
    content: tuple[tuple[str, ...], ...]
    baseline: bool
    closed: bool
    filter: str = ""
    ignoring: bool = False


@dataclass(frozen=True)
class Rules:
    """The allow-list. ``unconfirmed`` names the entries that no recording of the real site has shown."""

    grids: tuple[GridRule, ...]
    combos: tuple[GridRule, ...]
    tabs: tuple[GridRule, ...]
    notices: tuple[GridRule, ...]
    popups: tuple[GridRule, ...]
    xaf: tuple[XafRule, ...]
    menus: tuple[re.Pattern[str], ...]
    actions: Mapping[str, tuple[ActionRule, ...]]
    edits: Mapping[str, EditRule]
    kinds: Mapping[str, KindRule]
    lookup_pass: frozenset[str]
    lookup_apply: frozenset[str]
    framework_build: str
    unconfirmed: tuple[str, ...]

    @classmethod
    def load(cls, path: Path | None = None) -> "Rules":
        """Read the file beside this module, or ``path``; ValueError names an entry that is wrong."""
        source = path or Path(__file__).with_name("requests.toml")
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        known = {*_LISTS, "lookup", "kind", "framework_build"}
        if not data.keys() <= known:
            raise ValueError(f"requests.toml: unknown tables {sorted(data.keys() - known)}")
        for table in _LISTS:
            for entry in data.get(table, []):
                _check_entry(table, entry)
        rules = cls(
            grids=tuple(_grid_rules(data.get("grid", []))),
            combos=tuple(_grid_rules(data.get("combo", []))),
            tabs=tuple(_grid_rules(data.get("tab", []))),
            notices=tuple(_grid_rules(data.get("notice", []))),
            popups=tuple(_grid_rules(data.get("popup", []))),
            xaf=tuple(_xaf_rules(data.get("xaf", []))),
            menus=tuple(re.compile(e["handler"]) for e in data.get("menu", [])),
            actions=_action_rules(data.get("action", [])),
            edits={
                name: EditRule(e["class"], e.get("kind", ""), e.get("again", False))
                for e in data.get("edit", [])
                for name in e["properties"]
            },
            kinds={name: _kind(entry) for name, entry in data.get("kind", {}).items()},
            lookup_pass=frozenset(data["lookup"]["pass"]),
            lookup_apply=frozenset(data["lookup"]["apply"]),
            framework_build=data["framework_build"],
            unconfirmed=tuple(_unconfirmed(data)),
        )
        rules._check_kinds()
        return rules

    def _check_kinds(self) -> None:
        used = {rule.kind for rule in self.grids}
        used |= {
            kind
            for one in self.actions.values()
            for rule in one
            for kind in (rule.kind, rule.ignoring)
        }
        used |= {rule.kind for rule in self.edits.values()}
        if not used - {""} <= self.kinds.keys():
            raise ValueError(f"requests.toml: kinds without a table: {sorted(used - {''})}")


_LISTS = ("grid", "combo", "tab", "notice", "popup", "xaf", "menu", "action", "edit")
_WORDS = ("PASS", "AUTH", "WRITE")


def _check_entry(table: str, entry: Mapping[str, Any]) -> None:
    if not entry.get("source") or not isinstance(entry.get("confirmed"), bool):
        raise ValueError(f"requests.toml: a [[{table}]] entry without source or confirmed")
    if table != "menu" and entry.get("class") not in _WORDS:
        raise ValueError(f"requests.toml: a [[{table}]] entry without a class")
    if (entry.get("class") == "WRITE") != bool(entry.get("kind")):
        raise ValueError(f"requests.toml: in [[{table}]] exactly WRITE entries have a kind")


def _grid_rules(entries: list[dict[str, Any]]) -> Iterator[GridRule]:
    for entry in entries:
        yield GridRule(
            re.compile(entry.get("control", ".*")),
            frozenset(entry.get("commands", [])),
            entry["class"],
            entry.get("kind", ""),
            frozenset(entry.get("arguments", [])),
        )


def _xaf_rules(entries: list[dict[str, Any]]) -> Iterator[XafRule]:
    for entry in entries:
        yield XafRule(
            re.compile(entry["handler"]),
            re.compile(entry["argument"]),
            re.compile(entry["path"]),
            entry["class"],
            entry.get("postback", False),
        )


def _action_rules(entries: list[dict[str, Any]]) -> dict[str, tuple[ActionRule, ...]]:
    """The rules of each action in the file's order: the first whose path fits decides."""
    rules: dict[str, tuple[ActionRule, ...]] = {}
    for entry in entries:
        rule = ActionRule(
            re.compile(entry["path"]),
            entry["class"],
            entry.get("kind", ""),
            entry.get("ignoring", ""),
        )
        for name in entry["names"]:
            rules[name] = (*rules.get(name, ()), rule)
    return rules


def _kind(entry: Mapping[str, Any]) -> KindRule:
    if entry["target"] not in get_args(Target):
        raise ValueError("requests.toml: a kind whose target is not known")
    return KindRule(
        target=entry["target"],
        content=tuple(tuple(group) for group in entry.get("content", [])),
        baseline=entry.get("baseline", False),
        closed=entry.get("closed", False),
        ignoring=entry.get("ignoring", False),
        filter=entry.get("filter", ""),
    )


def _unconfirmed(data: Mapping[str, Any]) -> Iterator[str]:
    for table in _LISTS:
        for number, entry in enumerate(data.get(table, []), start=1):
            if not entry["confirmed"]:
                yield f"{table} {number} ({entry['source']})"
    if not data["lookup"]["confirmed"]:
        yield f"lookup ({data['lookup']['source']})"
