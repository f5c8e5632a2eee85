"""Checks that requests share: texts, ids, times, choices, fields that nobody knows, what looks like markup.

Every rule is said twice: in English for whoever writes the calling program, in Italian for the agent at
its screen. The rules stand here and not as protovalidate's annotations: docs/errors.md says why, with
what was measured.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.protobuf.unknown_fields import UnknownFieldSet

from archibald.v1.bot_pb2 import Wait
from server.errors import Violation


class Rule(NamedTuple):
    """What is allowed, in both languages, as a sentence behind the field's path."""

    en: str
    it: str


REQUIRED = Rule("is required", "è obbligatorio")
ERP_ID = Rule(
    "must be an id of the ERP, digits: 55261 or 55.261",
    "deve essere un ID di Archibald, solo cifre: 55261 o 55.261",
)
NO_BLANKS_AROUND = Rule(
    "must not begin or end with a blank", "non deve iniziare né finire con uno spazio"
)
START_BY = Rule(
    "must be a time between the years 1970 and 8999",
    "deve essere un orario tra gli anni 1970 e 8999",
)
NO_MARKUP = Rule(
    "must not look like markup to the ERP: no < before a letter, no &#",
    "non deve sembrare codice HTML per Archibald: niente < prima di una lettera, niente &#",
)
_STRANGER = Rule(
    "holds a field that this version does not know",
    "contiene un campo che questa versione non conosce",
)

# An id never begins with 0: its canonical form is its digits, and "0" is what fails to be one.
_ERP_ID = re.compile(r"[1-9][0-9]{0,11}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3}")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#")
# Unicode's category Cc; on a single line also what breaks lines and is none of them.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROLS_BUT_LINE_BREAKS = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MOST_WALKED = 1000  # lists are shorter by far; one that is not is refused for that
# Of the year 8999. What is far away means "never"; the year 10000 the database could not give back.
_LAST_SECOND = 221_845_391_999


def common(request: Any) -> Iterable[Violation]:
    """The fields of every request: ``user_id``, ``operation_key``, ``start_by``, ``wait``."""
    yield from name("user_id", request.user_id, longest=64, required=True)
    yield from name("operation_key", request.operation_key, longest=200)
    if request.HasField("start_by") and not _is_start(request.start_by):
        yield Violation("start_by", *START_BY)
    yield from choice("wait", request.wait, Wait)


def name(path: str, value: str, *, longest: int, required: bool = False) -> Iterable[Violation]:
    """A text by which something is found again: blanks around it would make it another one."""
    yield from text(path, value, longest=longest, required=required)
    if value.strip() and value != value.strip():
        yield Violation(path, *NO_BLANKS_AROUND)


def text(
    path: str, value: str, *, longest: int, required: bool = False, line_breaks: bool = False
) -> Iterable[Violation]:
    """A text: not too long, nothing that controls, there if required."""
    if required and not value.strip():
        yield Violation(path, *REQUIRED)
    if len(value) > longest:
        yield Violation(
            path,
            f"must have at most {longest} characters",
            f"deve avere al massimo {longest} caratteri",
        )
    if line_breaks and _CONTROLS_BUT_LINE_BREAKS.search(value):
        yield Violation(
            path,
            "must not contain control characters other than line breaks",
            "non deve contenere caratteri di controllo, tranne gli a capo",
        )
    elif not line_breaks and _CONTROLS.search(value):
        yield Violation(
            path,
            "must not contain control characters",
            "non deve contenere caratteri di controllo né a capo",
        )


def erp_id(path: str, value: str) -> Iterable[Violation]:
    """An id of the ERP, dotted or not; empty where nothing is asked."""
    if value and not _ERP_ID.fullmatch(value):
        yield Violation(path, *ERP_ID)


def choice(
    path: str, number: int, enum: EnumTypeWrapper, *, required: bool = False
) -> Iterable[Violation]:
    """A value of an enum: numbers that the contract does not name are refused, not ignored."""
    if number in enum.values() and (number or not required):
        return
    names = ", ".join(name for name, value in enum.items() if value)
    yield Violation(path, f"must be one of {names}", f"deve essere uno di {names}")


def at_most(path: str, values: Any, most: int) -> Iterable[Violation]:
    """A list that is not too long."""
    if len(values) > most:
        yield Violation(
            path, f"must hold at most {most} entries", f"deve contenere al massimo {most} elementi"
        )


def strangers(request: Message) -> Iterable[Violation]:
    """Fields that this version does not know, at any depth.

    To do a write without what one of its fields asks for would be to do another one.
    """
    known = type(request)()
    known.CopyFrom(request)
    known.DiscardUnknownFields()
    if known.ByteSize() == request.ByteSize():
        return  # nearly always, and quick
    found = [*_strangers("", request)]
    yield from found or [Violation("", *_STRANGER)]


def _strangers(path: str, message: Message) -> Iterable[Violation]:
    unknown = UnknownFieldSet(message)
    looked_at = range(min(len(unknown), _MOST_WALKED))
    for number in sorted({unknown[place].field_number for place in looked_at}):
        yield Violation(
            path,
            f"holds a field {number} that this version does not know",
            f"contiene un campo {number} che questa versione non conosce",
        )
    for field, value in message.ListFields():
        too_many = field.is_repeated and len(value) > _MOST_WALKED
        if field.message_type is not None and not too_many:
            inner = f"{path}.{field.name}" if path else field.name
            for place, one in _each(inner, field.is_repeated, value):
                yield from _strangers(place, one)


def markup(path: str, message: Message) -> Iterable[Violation]:
    """Texts that ASP.NET's request validation refuses: ``<`` before a letter or ``/!?``, and ``&#``."""
    data = message.SerializeToString()
    if b"<" not in data and b"&#" not in data:
        return  # nearly always, and quick
    yield from _markup(path, message)


def _markup(path: str, message: Message) -> Iterable[Violation]:
    for field, value in message.ListFields():
        inner = f"{path}.{field.name}" if path else field.name
        for place, one in _each(inner, field.is_repeated, value):
            if isinstance(one, Message):
                yield from _markup(place, one)
            elif isinstance(one, str) and _MARKUP.search(one):
                yield Violation(place, *NO_MARKUP)


def _each(path: str, repeated: bool, value: Any) -> list[tuple[str, Any]]:  # noqa: FBT001 - the field's own
    return [(f"{path}[{i}]", one) for i, one in enumerate(value)] if repeated else [(path, value)]


def _is_start(stamp: Timestamp) -> bool:
    return 0 <= stamp.seconds <= _LAST_SECOND and 0 <= stamp.nanos < 1_000_000_000
