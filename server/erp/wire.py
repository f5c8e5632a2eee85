"""Parses what the site's pages post, strictly: WebForms bodies and callback parameters.

Grammar and sources: erp-wire §1.1 (bodies), §2.1 (grids), §2.2 (lookups, combo boxes), §2.3 (actions).
Whatever does not add up to the last character is a :class:`WireError`; nothing else is ever raised.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

from server.erp.wire_grid import GridCall, WireError, normalise_id, parse_grid, read_segments

MAX_BODY = 2_000_000  # characters; seen: 26 KB (erp-wire §1.1)
MAX_FIELDS = 5_000
XAF_CONTROL = "globalCallbackControl"
POPUP_CONTROL = "Vertical$PopupWindowCallback"
XAF_SUFFIX = ":XafCallback"
_LONG = (
    64  # characters from which on a value is a control's state; a password is shorter, and not kept
)
_OWN_NAME = r"__[A-Z]+[0-9]*"  # __VIEWSTATE, __CALLBACKID …
COMBO_PREFIXES = ("LBCRI", "CBLF", "CBCF", "LECC")  # erp-wire §2.2


@dataclass(frozen=True)
class Post:
    """One posted form. ``fields`` holds every field once; duplicates had to be equal."""

    path: str
    fields: Mapping[str, str]
    call: "Call"


@dataclass(frozen=True)
class XafCall:
    """An action of the framework; empty handler and argument = an immediate post (erp-wire §2.3)."""

    handler: str
    argument: str
    postback: bool = False

    @property
    def is_immediate_post(self) -> bool:
        """True for the one parameter that all immediate field changes share."""
        return not self.handler and not self.argument


@dataclass(frozen=True)
class ComboCall:
    """A combo box asks for items of its list (erp-wire §2.2)."""

    control: str
    command: str
    value: str


@dataclass(frozen=True)
class TabCall:
    """A tab control asks for the page with this index (erp-wire §2.5)."""

    control: str
    index: int


@dataclass(frozen=True)
class NoticeCall:
    """The page tells that its window closes (erp-wire §1.3); the parameter is not looked into."""

    control: str


@dataclass(frozen=True)
class PopupCall:
    """The find window of a reference's editor is asked for (erp-wire §2.5)."""

    finder: str


Call = XafCall | GridCall | ComboCall | TabCall | NoticeCall | PopupCall


def parse_post(path: str, body: bytes) -> Post:
    """Parse a form body posted to ``path``; raises WireError when anything is left unexplained."""
    fields = parse_form(body)
    callback = fields.get("__CALLBACKID")
    target = fields.get("__EVENTTARGET", "")
    if callback is not None:
        if target or fields.get("__EVENTARGUMENT", ""):
            raise WireError("a callback with an event target")
        if "__CALLBACKPARAM" not in fields:
            raise WireError("a callback without a parameter")
        return Post(path, fields, parse_callback(callback, fields["__CALLBACKPARAM"]))
    if "__CALLBACKPARAM" in fields or not target:
        raise WireError("neither a callback nor a postback")
    if target != XAF_CONTROL:
        raise WireError(f"a postback to {normalise_id(target)}")
    return Post(path, fields, _xaf(fields.get("__EVENTARGUMENT", ""), postback=True))


def parse_form(body: bytes) -> dict[str, str]:
    """Decode a URL-encoded form; names that come twice must carry one value (erp-wire §1.1)."""
    if len(body) > MAX_BODY:
        raise WireError("the body is longer than any known one")
    if re.search(rb"%(?![0-9A-Fa-f]{2})", body) or body.count(b"&") >= MAX_FIELDS:
        raise WireError("the body is not a URL-encoded form")
    try:
        pairs = [part.split("=", 1) for part in body.decode("ascii").split("&")]
        decoded = [
            (_name(name), _state(value) if len(value) >= _LONG else _decoded(value))
            for name, value in pairs
        ]
    except ValueError:  # also of a part without its equals sign
        # from None: the original message quotes the body
        raise WireError("the body is not a URL-encoded form") from None
    fields: dict[str, str] = {}
    for name, value in decoded:
        if not name:
            raise WireError("a field without a name")
        if name.startswith("__") and (name in fields or not re.fullmatch(_OWN_NAME, name)):
            # The server joins equal names, in any case of letters, to one text that we never saw.
            raise WireError("a field of the framework in another form")
        if fields.setdefault(name, value) != value:
            raise WireError(f"two values for {normalise_id(name)}")
    return fields


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="strict")


# Nearly all names and states of a page's post are those of its last one, letter for letter. An order has
# some 400 names and 140 long values of 1 KB: enough for all that work at once, in 2 MB.
_name = lru_cache(maxsize=4096)(_decoded)
_state = lru_cache(maxsize=1024)(_decoded)


def parse_callback(control: str, parameter: str) -> Call:
    """Parse a callback's parameter by the kind of control that sent it."""
    if control == "NotifyWindowCloseControl":
        return NoticeCall(control)
    match = re.match(r"[cd]\d{1,3}:", parameter)
    if match is None:
        raise WireError(f"no callback slot in the parameter of {normalise_id(control)}")
    rest = parameter[match.end() :]
    if control == XAF_CONTROL:
        return _xaf(rest, postback=False)
    if control == POPUP_CONTROL:
        word, _, finder = rest.partition(":")
        if word != "FindPopup" or not re.fullmatch(r"[\w$]+", finder, re.ASCII):
            raise WireError("a window that is none for finding")
        return PopupCall(finder)
    if control.endswith("_pg"):
        if not re.fullmatch(r"\d{1,2}", rest, re.ASCII):
            raise WireError("a tab's parameter is not an index")
        return TabCall(control, int(rest))
    segments = read_segments(rest)
    if set(segments) <= set(COMBO_PREFIXES) and len(segments) == 1:
        ((command, value),) = segments.items()
        return ComboCall(control, command, value)
    return parse_grid(control, segments)


def literal(parameter: str) -> str:
    """What is left of a parameter without its callback slot, so that ``c0:`` equals ``c1:``."""
    return re.sub(r"^[cd]\d{1,3}:", "", parameter)


def _xaf(text: str, *, postback: bool) -> XafCall:
    if not text.endswith(XAF_SUFFIX):
        raise WireError("an action without the framework's suffix")
    handler, colon, argument = text[: -len(XAF_SUFFIX)].partition(":")
    if not colon:
        raise WireError("an action without an argument")
    if not handler and argument:
        raise WireError("an argument without a handler")
    return XafCall(handler, argument, postback)
