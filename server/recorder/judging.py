"""What a held request of a hand-driven page may do; pure, by the same rules as the gate (erp-wire §6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.erp.classify import Armed, classify
from server.erp.editor_fields import Fields, changed, lookup_property
from server.erp.rules import Rules
from server.erp.wire import XAF_SUFFIX, Call, ComboCall, NoticeCall, Post, TabCall, XafCall
from server.erp.wire_grid import GridCall, normalise_id, parse_lookup_word
from server.recorder.observation import Class, Sent
from server.recorder.redaction import Redactor

# Commands that change a form, not the ERP: they pass only on a form that will be abandoned.
_EDITS = frozenset({"ADDNEWROW", "STARTEDIT", "CANCELEDIT"})
# From their choice on the ERP may keep an order (erp-reference §3.1.7): whatever tells it is held back.
_TOUCHY = frozenset({"CUSTTABLE", "line.INVENTTABLE"})
_TOUCHY_KEYS = frozenset({"CUSTTABLE.key", "line.INVENTTABLE.key"})


@dataclass(frozen=True)
class Held:
    """A held request, parsed; ``path`` with its query."""

    post: Post
    path: str
    body: bytes
    fields: Fields


@dataclass(frozen=True)
class Seen:
    """What the page told while its request was held.

    ``before`` is the form before the gesture, ``answered`` the form as the server last took it;
    ``actions`` gives the name of the menu item that sends a (handler, argument); ``abandoned``: the form is
    a new object's, or the draft's that was named for it, and nobody will save it.
    """

    before: Fields | None = None
    answered: Fields | None = None
    actions: Mapping[tuple[str, str], str] = field(default_factory=dict)
    abandoned: bool = False


@dataclass(frozen=True)
class Judged:
    """The class, whether it may pass, and the request in words of requests.toml."""

    sent: Sent
    verdict: Class
    passes: bool
    why: str = ""
    changed: frozenset[str] = frozenset()
    arguments: tuple[str, ...] = ()


def judge(held: Held, rules: Rules, seen: Seen, redactor: Redactor) -> Judged:
    """Class a request. Whatever the gate would write or not know is COMMIT or UNKNOWN, and held back."""
    post, fields = held.post, held.fields
    changes = frozenset[str]() if seen.before is None else changed(seen.before, fields)
    sent, arguments = describe(post, seen.actions, rules, redactor)
    verdict = classify(
        "POST", held.path, held.body, rules, _armed(post.call, sent, changes, seen.before)
    )
    judged = Judged(sent, "UNKNOWN", passes=False, changed=changes, arguments=arguments)
    if verdict.word == "WRITE":
        return _with(judged, "COMMIT")
    if verdict.word != "PASS":
        return _with(judged, "UNKNOWN", str(verdict.seen.get("why", "")))
    edit = _is_edit(post.call, sent, rules)
    if edit and not seen.abandoned:
        return _with(judged, "EDIT", "not a form that will be abandoned")
    if touched := _touched(seen.answered, fields, exact=edit):
        return _with(judged, "EDIT" if edit else "READ", f"it would tell {', '.join(touched)}")
    return Judged(
        sent, "EDIT" if edit else "READ", passes=True, changed=changes, arguments=arguments
    )


def describe(
    post: Post, actions: Mapping[tuple[str, str], str], rules: Rules, redactor: Redactor
) -> tuple[Sent, tuple[str, ...]]:
    """The request in words of requests.toml, and the shapes of its further arguments."""
    call, told = post.call, tuple[str, ...]()
    if isinstance(call, XafCall):
        handler, name = normalise_id(call.handler), actions.get((call.handler, call.argument), "")
        menu = any(pattern.fullmatch(handler) for pattern in rules.menus)
        table = "edit" if call.is_immediate_post else "action" if menu else "xaf"
        argument = redactor.argument(call.argument)
        return Sent(table, handler, name if menu else "", argument, call.postback), ()
    control = normalise_id(getattr(call, "control", "") or getattr(call, "finder", ""))
    match call:
        case GridCall(command="CUSTOMCALLBACK", arguments=(inner,)) if inner.startswith("GLP_"):
            word, values = parse_lookup_word(inner)
            sent, told = Sent("lookup", control, word), tuple(map(redactor.shape, values))
        case GridCall():
            sent = Sent("grid", control, call.command)
            told = tuple(map(redactor.word, call.arguments))
        case ComboCall():
            sent, told = Sent("combo", control, call.command), (redactor.shape(call.value),)
        case TabCall():
            sent = Sent("tab", control, argument=str(call.index))
        case NoticeCall():
            sent = Sent("notice", control)
        case _:
            sent = Sent("popup", control)
    return sent, told


def _armed(call: Call, sent: Sent, changes: frozenset[str], before: Fields | None) -> Armed | None:
    """The announcement with which the gate would know this request, if it may know it at all."""
    if isinstance(call, XafCall) and call.is_immediate_post:
        return None if before is None else Armed(changes=changes, baseline=before)
    if isinstance(call, XafCall):
        literal = f"c0:{call.handler}:{call.argument}{XAF_SUFFIX}"
        return Armed(action=sent.word, parameter=literal) if sent.word else None
    if isinstance(call, GridCall) and (editor := lookup_property(call.control)) is not None:
        return Armed(changes=frozenset({editor}), baseline=before or {})
    return None


def _is_edit(call: Call, sent: Sent, rules: Rules) -> bool:
    if isinstance(call, XafCall):
        return call.is_immediate_post
    return sent.word in _EDITS or (sent.table == "lookup" and sent.word in rules.lookup_apply)


def _touched(answered: Fields | None, fields: Fields, *, exact: bool) -> list[str]:
    """What the server would hear of customer and article that it has not heard yet.

    A reading carries what is being typed, too: of it only a chosen key counts.
    """
    if answered is None:
        return ["a form that was never read"] if exact else []
    if exact:
        return sorted(changed(answered, fields) & _TOUCHY)
    return sorted(
        name for name in _TOUCHY_KEYS if fields.get(name, "") not in {"", answered.get(name, "")}
    )


def _with(judged: Judged, verdict: Class, why: str = "") -> Judged:
    return Judged(
        judged.sent, verdict, passes=False, why=why, changed=judged.changed,
        arguments=judged.arguments,
    )  # fmt: skip
