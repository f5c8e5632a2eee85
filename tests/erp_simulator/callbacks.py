"""The grammar of callback parameters and of their answers."""

import json
from dataclasses import dataclass, field
from typing import Any

SUFFIX = ":XafCallback"
SEGMENTS = ("FB", "EV", "SR", "KV", "FR", "CT", "CR", "CM", "GB")


class MalformedCallbackError(ValueError):
    """A parameter that no script of the site produces."""


@dataclass(frozen=True)
class XafCallback:
    """An action's or an immediate post's parameter."""

    slot: int
    handler: str
    argument: str


@dataclass(frozen=True)
class GridCallback:
    """A grid's parameter: its segments and its command with arguments."""

    slot: int
    segments: dict[str, str] = field(default_factory=dict)
    command: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def selection(self) -> str | None:
        """The page's selection string, if the user changed it."""
        return self.segments.get("SR")


def parse_xaf(text: str, *, suffix: bool = True) -> XafCallback:
    """Split `c0:<handler>:<argument>:XafCallback`; the argument may contain colons."""
    slot, rest = _slot(text)
    if suffix:
        if not rest.endswith(SUFFIX):
            raise MalformedCallbackError("the suffix is missing")
        rest = rest.removesuffix(SUFFIX)
    handler, colon, argument = rest.partition(":")
    if not colon:
        raise MalformedCallbackError("handler and argument are not separated")
    return XafCallback(slot, handler, argument)


def parse_popup(text: str) -> tuple[int, str]:
    """Split `c0:FindPopup:<what asks>` into slot and argument."""
    return _slot(text)


def parse_grid(text: str) -> GridCallback:
    """Split `c0:KV|6;["31"];GB|13;10|UPDATEEDIT;`; every length must add up."""
    slot, rest = _slot(text)
    segments: dict[str, str] = {}
    position = 0
    while rest:
        prefix, bar, rest = rest.partition("|")
        length, semicolon, rest = rest.partition(";")
        size = _length(length)
        if (
            not bar
            or not semicolon
            or prefix not in SEGMENTS[position:]
            or rest[size : size + 1] != ";"
        ):
            raise MalformedCallbackError(f"bad segment {prefix!r}")
        position = SEGMENTS.index(prefix) + 1  # each once, in the order of the grammar
        segments[prefix] = rest[:size]
        rest = rest[size + 1 :]
    items = parse_items(segments.get("GB", ""))
    return GridCallback(slot, segments, items[0] if items else "", tuple(items[1:]))


def parse_items(text: str) -> list[str]:
    """Split `10|CANCELEDIT` or `4|SORT2|320`: length, bar, that many characters."""
    items = []
    while text:
        length, bar, text = text.partition("|")
        size = _length(length)
        if not bar or len(text) < size:
            raise MalformedCallbackError("bad item length")
        items.append(text[:size])
        text = text[size:]
    return items


def parse_lookup(text: str) -> tuple[str, str]:
    """Split a lookup's `GLP_F|<n>;<text>;` into word and text."""
    word, bar, rest = text.partition("|")
    if not bar:
        return word, ""
    length, _, rest = rest.partition(";")
    size = _length(length)
    if rest[size:] != ";":
        raise MalformedCallbackError("bad lookup length")
    return word, rest[:size]


def answer(payload: dict[str, Any]) -> str:
    """The text of a callback's answer."""
    return f"0|/*DX*/({js_literal(payload)})"


def js_literal(value: Any) -> str:
    """A JavaScript literal with strings in single quotes."""
    if isinstance(value, dict):
        inner = ",".join(
            f"{js_literal(str(key))}:{js_literal(item)}" for key, item in value.items()
        )
        return "{" + inner + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(js_literal(item) for item in value) + "]"
    if isinstance(value, str):
        # JSON escapes what is dangerous; only the many double quotes of markup step aside meanwhile.
        aside = next((sign for sign in "`~^" if sign not in value), '\\"')
        body = json.dumps(str(value).replace('"', aside[-1]))[1:-1].replace(aside, '"')
        body = body.replace("'", "\\'")
        return "'" + body.replace("</", "<\\/").replace("<!--", "<\\!--") + "'"
    return json.dumps(value)


def _slot(text: str) -> tuple[int, str]:
    kind, colon, rest = text.partition(":")
    if not colon or kind[:1] not in {"c", "d"} or not kind[1:].isdecimal():
        raise MalformedCallbackError("the slot is missing")
    return int(kind[1:]), rest


def _length(text: str) -> int:
    if not text.isdecimal():
        raise MalformedCallbackError(f"bad length {text!r}")
    return int(text)
