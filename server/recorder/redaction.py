"""What a recording may keep of a value: its kind, its length, and whether two were equal.

Redacted by construction: nothing is kept because nobody thought of removing it. Words of the site's own
grammar are let through by patterns that no text of a person's can be mistaken for.
"""

import hashlib
import hmac
import re
import secrets

from server.erp.wire_grid import normalise_id

# A path of a menu, a framework's own word, and the form of a fast action: the site's, not a person's.
_INDEX = re.compile(r"\d{1,2}(?:i\d{1,2})*")
_FAST = re.compile(r"[A-Z][A-Za-z]{2,30}:[A-Za-z]+(?:_[A-Za-z]+)*_Menu")
_WORD = re.compile(r"[A-Z]{2,40}|GLP_[A-Z]{1,4}")
_TAG = 8  # characters of the tag: enough to tell values of one recording apart


class Redactor:
    """Shapes of values; the key lives as long as the recording and is never stored."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def shape(self, value: str) -> str:
        """``text 12 9f86d081``: kind, length, tag; equal values of one recording have equal tags."""
        if not value:
            return "empty"
        tag = hmac.new(self._key, value.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
        return f"{_kind(value)} {len(value)} {tag[:_TAG]}"

    def word(self, value: str) -> str:
        """A word of the grammar as it is, anything else as its shape."""
        return value if _WORD.fullmatch(value) else self.shape(value)

    def argument(self, value: str) -> str:
        """An action's argument: index path and fast form as they are."""
        if not value or _INDEX.fullmatch(value) or _FAST.fullmatch(value):
            return value
        return self.shape(value)


def element_name(element_id: str) -> str:
    """The id of an element of the site, without what changes; an id of no such form is not kept."""
    return normalise_id(element_id) if re.fullmatch(r"[A-Za-z_][\w$-]{0,299}", element_id) else ""


def _kind(value: str) -> str:
    if value.isdecimal():
        return "digits"
    if re.fullmatch(r"[-\d.,\s%€]+", value):
        return "number"
    return "state" if value.startswith(("{", "[")) else "text"
