"""Decides what a request would do to the ERP: PASS, AUTH, WRITE or UNKNOWN; pure, no browser.

The words are design §4.3's. What nothing names is UNKNOWN; every menu action is a WRITE unless the page
object has announced it, by name and literal parameter, as one that requests.toml calls harmless.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from server.erp.editor_fields import (
    Fields,
    canonical_fields,
    changed,
    lookup_property,
    warnings_ignored,
)
from server.erp.formats import erp_id
from server.erp.rules import GridRule, Rules
from server.erp.wire import (
    XAF_SUFFIX,
    ComboCall,
    NoticeCall,
    PopupCall,
    Post,
    TabCall,
    XafCall,
    literal,
    parse_post,
)
from server.erp.wire_grid import (
    GridCall,
    WireError,
    normalise_id,
    parse_grid_state,
    parse_lookup_word,
)

Word = Literal["PASS", "AUTH", "WRITE", "UNKNOWN"]

_PATH_ID = re.compile(r"_DetailView\w*/(\d+)(?:/|$)")
_LIST_GRID = re.compile(r"Vertical\$v\d+_\d+\$LE_v\d+")


@dataclass(frozen=True)
class Armed:
    """What the page object announced that its next gesture sends; ``kind`` None = harmless."""

    kind: str | None = None
    action: str | None = None
    parameter: str | None = None
    changes: frozenset[str] = frozenset()
    baseline: Fields | None = None


@dataclass(frozen=True)
class Verdict:
    """A request's class; ``seen`` describes it without any value.

    ``consumes``: it is the announced harmless one. ``ahead``: a lookup's own callback that sends a
    choice, before the immediate post that sends it again with the form (erp-wire §2.2).
    """

    word: Word
    kind: str = ""
    target: str = ""
    consumes: bool = False
    ahead: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)


def classify(
    method: str, path: str, body: bytes | None, rules: Rules, armed: Armed | None = None
) -> Verdict:
    """Class of a request to the site's own origin; ``path`` may carry a query. Never raises.

    ``armed`` is what the page object announced; without it immediate posts are UNKNOWN and menu
    actions are WRITE of kind ``menu``, for which no ticket exists.
    """
    seen = {"method": method[:10], "path": path_template(path)}
    if method in ("GET", "HEAD"):
        # WebForms takes a callback from a GET's query as well: such a GET is no reading.
        is_form = any(name.startswith("__") for name in _query_names(path))
        return Verdict("UNKNOWN" if is_form else "PASS", seen=seen)
    if method != "POST" or not body:
        return Verdict("UNKNOWN", seen=seen)
    try:
        post = parse_post(urlsplit(path).path, body)
        seen["request"] = _describe(post)
        fields = canonical_fields(post.fields)
        return _Case(post, fields, rules, armed, seen).verdict()
    except (WireError, ValueError) as error:
        # A ValueError that is not a WireError comes from urlsplit and names no value we care for.
        why = str(error) if isinstance(error, WireError) else "the address cannot be read"
        return Verdict("UNKNOWN", seen={**seen, "why": why})


def path_template(path: str) -> str:
    """A path without its numbers, with the query's names only: what may be told about a request."""
    bare = path.partition("?")[0]
    names = ",".join(sorted({name[:30] for name in _query_names(path)}))
    return re.sub(r"\d+", "#", bare)[:200] + (f"?{names}"[:100] if names else "")


def _query_names(path: str) -> list[str]:
    query = path.partition("?")[2]
    return [name for name, _ in parse_qsl(query, keep_blank_values=True, separator="&")]


@dataclass(frozen=True)
class _Case:
    post: Post
    fields: Fields
    rules: Rules
    armed: Armed | None
    seen: Mapping[str, str]

    def verdict(self) -> Verdict:
        call = self.post.call
        match call:
            case XafCall():
                return self._immediate() if call.is_immediate_post else self._xaf(call)
            case GridCall(command="CUSTOMCALLBACK"):
                return self._lookup(call)
            case GridCall():
                return self._listed(self.rules.grids, call.control, call.command, call.arguments)
            case ComboCall():
                return self._listed(self.rules.combos, call.control, call.command)
            case TabCall() | NoticeCall():
                rules = self.rules.tabs if isinstance(call, TabCall) else self.rules.notices
                return self._listed(rules, call.control, "")
            case PopupCall():
                return self._listed(self.rules.popups, call.finder, "")

    def _listed(
        self,
        rules: tuple[GridRule, ...],
        control: str,
        command: str,
        arguments: tuple[str, ...] = (),
    ) -> Verdict:
        name = normalise_id(control)
        for rule in rules:
            if not rule.control.fullmatch(name) or (command and command not in rule.commands):
                continue
            if rule.arguments and not (len(arguments) == 1 and arguments[0] in rule.arguments):
                continue
            if rule.word == "WRITE":
                return self._write(rule.kind)
            return self._say(rule.word)
        return self._say("UNKNOWN")

    def _lookup(self, call: GridCall) -> Verdict:
        editor = lookup_property(call.control)
        if editor is None or len(call.arguments) != 1:
            return self._say("UNKNOWN")
        word, values = parse_lookup_word(call.arguments[0])
        if word in self.rules.lookup_pass:
            return self._say("PASS")
        rule = self.rules.edits.get(editor)
        if word not in self.rules.lookup_apply or rule is None:
            return self._say("UNKNOWN", changes=frozenset({editor}))
        if rule.word == "WRITE":
            # Only a choice that names its key can be checked: GLP_AIC takes whatever comes first.
            named = values[0] if word == "GLP_AC" and len(values) == 1 else ""
            return replace(self._write(rule.kind, named), ahead=True)
        # The immediate post follows; this first half does not use the pass up (erp-wire §2.2).
        armed = self.armed is not None and editor in self.armed.changes
        return self._say("PASS" if armed else "UNKNOWN", changes=frozenset({editor}))

    def _xaf(self, call: XafCall) -> Verdict:
        handler = normalise_id(call.handler)
        for rule in self.rules.xaf:
            fits = rule.handler.fullmatch(handler) and rule.argument.fullmatch(call.argument)
            form = rule.postback or not call.postback
            if fits and form and rule.path.fullmatch(self.post.path):
                return self._say(rule.word)
        if any(pattern.fullmatch(handler) for pattern in self.rules.menus):
            return self._menu(call)
        return self._say("UNKNOWN")

    def _menu(self, call: XafCall) -> Verdict:
        armed = self.armed
        sent = f"{call.handler}:{call.argument}{XAF_SUFFIX}"
        if armed is None or armed.parameter is None or literal(armed.parameter) != sent:
            return self._say("WRITE", kind="menu")
        rules = self.rules.actions.get(armed.action or "", ())
        rule = next((one for one in rules if one.path.fullmatch(self.post.path)), None)
        named, colon, _ = call.argument.partition(":")
        if rule is None:
            return self._say("WRITE", kind="menu")
        if colon and named != armed.action:
            return self._say("WRITE", kind="menu")  # the fast form says itself what it does
        if rule.word == "WRITE":
            ticked = bool(rule.ignoring) and warnings_ignored(self.fields)
            return self._write(rule.ignoring if ticked else rule.kind)
        changes = self._changes()
        if armed.baseline is not None and not changes <= armed.changes:
            return self._say("UNKNOWN", changes=changes)
        return self._say("PASS", consumes=armed.kind is None)

    def _immediate(self) -> Verdict:
        armed = self.armed
        if armed is None or armed.baseline is None:
            return self._say("UNKNOWN")
        changes = self._changes()
        if not changes and self._told_again(armed):
            return self._say("PASS", consumes=armed.kind is None)
        rules = [self.rules.edits.get(name) for name in changes]
        kinds = {rule.kind for rule in rules if rule is not None and rule.word == "WRITE"}
        if len(kinds) == 1:
            return self._write(kinds.pop())
        if not changes or None in rules or not changes <= armed.changes:
            return self._say("UNKNOWN", changes=changes)
        # Beside a ticket it is the late post of the field left (erp-wire §6.1): the ticket stays whole.
        return self._say("PASS", consumes=armed.kind is None, changes=changes)

    def _told_again(self, armed: Armed) -> bool:
        """An announced harmless editor that posts what the form held already, such as its eraser."""
        rules = [self.rules.edits.get(name) for name in armed.changes]
        return bool(rules) and all(
            rule is not None and rule.again and rule.word == "PASS" for rule in rules
        )

    def _changes(self) -> frozenset[str]:
        before = self.armed.baseline if self.armed else None
        return frozenset() if before is None else changed(before, self.fields)

    def _write(self, kind: str, target: str | None = None) -> Verdict:
        rule = self.rules.kinds[kind]
        if target is None and rule.target == "customer":
            target = self.fields.get("CUSTTABLE.key", "")
        elif target is None and rule.target == "selection":
            target = _selected(self.post)
        elif target is None:
            ids = _object_ids(self.post.path, self.fields)
            target = ids.pop() if len(ids) == 1 else ""
            if rule.target == "vat" and not (target or ids):  # a new record has no id yet
                target = self.fields.get("VATNUM", "").strip()
        return self._say("WRITE", kind=kind, target=target or "", changes=self._changes())

    def _say(
        self,
        word: Word,
        *,
        kind: str = "",
        target: str = "",
        consumes: bool = False,
        changes: frozenset[str] = frozenset(),
    ) -> Verdict:
        seen = dict(self.seen)
        if changes:
            seen["changed"] = ", ".join(sorted(changes))[:500]
        return Verdict(word, kind, target, consumes=consumes, seen=seen, fields=self.fields)


def _object_ids(path: str, fields: Fields) -> set[str]:
    """The object that a form is about, canonical digits: none if unsaved, two if two places differ."""
    found = set(_PATH_ID.findall(path))
    with suppress(ValueError):  # a new record shows no id yet, or 0
        found.add(erp_id(fields.get("ID", "")))
    return found


def _selected(post: Post) -> str:
    """The one key that a list's action is for (erp-wire §4); empty unless exactly one is proved."""
    if found := _PATH_ID.search(post.path):
        return found[1]
    grids = [value for name, value in post.fields.items() if _LIST_GRID.fullmatch(name)]
    if len(grids) != 1:
        return ""
    state = parse_grid_state(grids[0])
    if state.selection.count("T") != 1 or len(state.selection) > len(state.keys):
        return ""
    return state.keys[state.selection.index("T")]


def _describe(post: Post) -> str:
    match post.call:
        case XafCall(handler, argument):
            return re.sub(r"\d{4,}", "#", f"{normalise_id(handler)}:{normalise_id(argument)[:40]}")
        case GridCall(control, command) | ComboCall(control, command):
            return f"{command} on {normalise_id(control)}"
        case TabCall(control) | NoticeCall(control):
            return normalise_id(control)
        case PopupCall(finder):
            return f"FindPopup for {normalise_id(finder)}"
