"""Parses the length-counted texts and the states of the site's grids, strictly (erp-wire §2.1, §4)."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

# Order in which a grid writes its segments; FB leads when present (erp-wire §2.1).
GRID_PREFIXES = ("FB", "EV", "SR", "KV", "FR", "CT", "CR", "CM", "GB")

_VOLATILE = (
    (re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"), "guid#"),
    (re.compile(r"(?<![A-Za-z])v\d+_\d+"), "v#"),
    (re.compile(r"LE_v\d+"), "LE_v#"),
    (re.compile(r"xaf_l\d+"), "xaf_l#"),
    (re.compile(r"xaf_a\d+"), "xaf_a#"),
    (re.compile(r"ACHFCB\d+"), "ACHFCB#"),
    (re.compile(r"GVPRCHC\d+"), "GVPRCHC#"),
    (re.compile(r"edit(?:new|\d+)_(\d+)"), r"edit#_\1"),
)


class WireError(ValueError):
    """A request does not follow the grammar; the message names the place, never a value."""


@dataclass(frozen=True)
class GridCall:
    """A grid's own callback: ``command`` and its ``arguments``, beside the grid's ``segments``."""

    control: str
    command: str
    arguments: tuple[str, ...]
    segments: Mapping[str, str]


@dataclass(frozen=True)
class GridState:
    """A grid's state field (erp-wire §4). ``keys`` may be stale in lookups: trust ``focused_key``."""

    keys: tuple[str, ...]
    selection: str
    focused_key: str


def read_segments(text: str) -> dict[str, str]:
    """Split ``prefix|length;value;…``; every length must add up and nothing may be left over."""
    return _Reader(text).segments()


def parse_grid(control: str, segments: Mapping[str, str]) -> GridCall:
    """Build a grid's call from its segments; their order, numbers and JSON are checked."""
    order = [GRID_PREFIXES.index(prefix) if prefix in GRID_PREFIXES else -1 for prefix in segments]
    if -1 in order or order != sorted(order):
        raise WireError(f"unknown or misplaced segments in a callback of {normalise_id(control)}")
    if "GB" not in segments:
        raise WireError(f"a callback of {normalise_id(control)} without a command")
    if not re.fullmatch(r"[TF]*|U", segments.get("SR", "")):
        raise WireError("a selection that is not of T and F")
    if not re.fullmatch(r"-?\d{1,9}", segments.get("FR", "0"), re.ASCII):
        raise WireError("a focused row that is not an index")
    if "KV" in segments:
        _keys(segments["KV"])
    items = _Reader(segments["GB"]).items()
    if not items or not re.fullmatch(r"[A-Z]{1,40}", items[0]):
        raise WireError(f"a callback of {normalise_id(control)} without a command word")
    return GridCall(control, items[0], items[1:], segments)


def parse_lookup_word(argument: str) -> tuple[str, tuple[str, ...]]:
    """Split a lookup's inner command, ``GLP_F|4;zz99;`` -> ``("GLP_F", ("zz99",))`` (erp-wire §2.2)."""
    word, bar, rest = argument.partition("|")
    if not re.fullmatch(r"GLP_[A-Z]+", word):
        raise WireError("a lookup's command is not a GLP word")
    return word, _Reader(rest).values() if bar else ()


def parse_grid_state(value: str) -> GridState:
    """Parse a grid's state field; JSON, HTML-escaped when posted (erp-wire §1.1, §4)."""
    state = parse_state(value)
    keys = state.get("keys", [])
    selection = state.get("selection", "")
    focused = state.get("focusedKey")
    if not isinstance(keys, list) or not all(isinstance(key, str | int) for key in keys):
        raise WireError("a grid's keys are not a list of keys")
    if not isinstance(selection, str) or not re.fullmatch(r"[TF]*|U", selection):
        raise WireError("a grid's selection is not of T and F")
    if focused is not None and not isinstance(focused, str | int):
        raise WireError("a grid's focused key is not a key")
    return GridState(
        tuple(str(key) for key in keys), selection, "" if focused is None else str(focused)
    )


def parse_state(value: str) -> dict[str, object]:
    """Parse a control's state: a JSON object, HTML-escaped in bodies and plain in the page."""
    for text in (html.unescape(value), value):
        try:
            state = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(state, dict):
            return state
    raise WireError("a control's state is not a JSON object")


def normalise_id(control: str) -> str:
    """Replace what changes with every page or release by ``#`` (erp-wire §6.1); cut to 300 characters."""
    for pattern, replacement in _VOLATILE:
        control = pattern.sub(replacement, control)
    return control[:300]


def _keys(value: str) -> None:
    try:
        keys = json.loads(value)
    except (ValueError, RecursionError):
        keys = None
    if not isinstance(keys, list):
        raise WireError("keys that are not a JSON list")


class _Reader:
    """Reads length-counted text. Lengths count as the page counts: UTF-16 units, not code points."""

    def __init__(self, text: str) -> None:
        self._units = text.encode("utf-16-le", "surrogatepass")
        self._at = 0

    def segments(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while not self._at_end():
            prefix = self._until("|", r"[A-Z]{2,5}")
            if prefix in found:
                raise WireError(f"two {prefix} segments")
            found[prefix] = self._value(";")
        return found

    def values(self) -> tuple[str, ...]:
        found = []
        while not self._at_end():
            found.append(self._value(";"))
        return tuple(found)

    def items(self) -> tuple[str, ...]:
        found = []
        while not self._at_end():
            found.append(self._take(self._length("|")))
        return tuple(found)

    def _value(self, mark: str) -> str:
        value = self._take(self._length(mark))
        if self._take(1) != ";":
            raise WireError("a length that does not add up")
        return value

    def _length(self, mark: str) -> int:
        return int(self._until(mark, r"0|[1-9]\d{0,6}"))

    def _until(self, mark: str, pattern: str) -> str:
        word = ""
        while (character := self._take(1)) != mark:
            word += character
            if len(word) > 8:
                break
        if not re.fullmatch(pattern, word, re.ASCII):
            raise WireError("a segment does not begin as segments do")
        return word

    def _take(self, count: int) -> str:
        end = self._at + 2 * count
        if end > len(self._units):
            raise WireError("a length goes past the end")
        text = self._units[self._at : end].decode("utf-16-le", "surrogatepass")
        self._at = end
        return text

    def _at_end(self) -> bool:
        return self._at == len(self._units)
