"""Checks that requests share: texts, ids, the fields that every request has, what looks like markup."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from google.protobuf.message import Message

from server.errors import Violation

_ERP_ID = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#")
_FIRST, _LAST = -62135596800, 253402300799  # seconds of the years 1 and 9999


def common(request: Any) -> Iterable[Violation]:
    """The fields of every request: ``user_id``, ``operation_key``, ``start_by``."""
    yield from text("user_id", request.user_id, longest=64, required=True)
    yield from text("operation_key", request.operation_key, longest=200)
    if request.HasField("start_by") and not _FIRST <= request.start_by.seconds <= _LAST:
        yield Violation("start_by", "must be a time between the years 1 and 9999")


def text(
    path: str, value: str, *, longest: int, required: bool = False, line_breaks: bool = False
) -> Iterable[Violation]:
    """A text: not too long, nothing that controls, there if required."""
    if required and not value.strip():
        yield Violation(path, "is required")
    if len(value) > longest:
        yield Violation(path, f"must have at most {longest} characters")
    allowed = "\r\n" if line_breaks else ""
    if any(
        unicodedata.category(character) == "Cc" and character not in allowed for character in value
    ):
        what = "control characters other than line breaks" if line_breaks else "control characters"
        yield Violation(path, f"must not contain {what}")


def erp_id(path: str, value: str) -> Iterable[Violation]:
    """An id of the ERP, dotted or not; empty where nothing is asked."""
    if value and not _ERP_ID.fullmatch(value):
        yield Violation(path, "must be an id of the ERP, digits: 55261 or 55.261")


def markup(path: str, message: Message) -> Iterable[Violation]:
    """Texts that ASP.NET's request validation refuses: ``<`` before a letter or ``/!?``, and ``&#``."""
    for field, value in message.ListFields():
        inner = f"{path}.{field.name}" if path else field.name
        for name, one in _each(inner, field.is_repeated, value):
            if isinstance(one, Message):
                yield from markup(name, one)
            elif isinstance(one, str) and _MARKUP.search(one):
                yield Violation(
                    name, "must not look like markup to the ERP: no < before a letter, no &#"
                )


def _each(path: str, repeated: bool, value: Any) -> list[tuple[str, Any]]:  # noqa: FBT001 - the field's own
    return [(f"{path}[{i}]", one) for i, one in enumerate(value)] if repeated else [(path, value)]
