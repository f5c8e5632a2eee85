"""Decoding of posted WebForms bodies."""

import html
import json
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus


def _decoded(text: str) -> str:
    return _short(text) if len(text) < 200 else unquote_plus(text)


# A page posts nearly the same two hundred fields each time.
_short = lru_cache(maxsize=4096)(unquote_plus)


class Form:
    """A posted body: names with all their values, in order."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    @classmethod
    def parse(cls, body: bytes) -> "Form":
        """Decode a urlencoded body of a callback or of a full postback."""
        parts = body.decode("utf-8", "replace").split("&")
        if len(parts) > 5000:
            raise ValueError("too many fields")
        pairs = (part.partition("=") for part in parts if part)
        return cls([(_decoded(name), _decoded(value)) for name, _, value in pairs])

    def get(self, name: str, default: str = "") -> str:
        """The value of a field; duplicates were rendered twice and hold the same."""
        values = self._values.get(name)
        return values[0] if values else default

    def has(self, name: str) -> bool:
        """Whether the field was posted."""
        return name in self._values

    def names(self) -> list[str]:
        """All names, in order of first appearance."""
        return list(self._values)

    def all(self, name: str) -> list[str]:
        """Every value posted under the name."""
        return self._values.get(name, [])

    def state(self, name: str) -> dict[str, Any]:
        """A control's state: HTML-unescaped, then JSON; empty when absent or broken."""
        try:
            value = json.loads(html.unescape(self.get(name)))
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def is_callback(self) -> bool:
        """Callbacks name their control; full postbacks do not."""
        return self.has("__CALLBACKID")
