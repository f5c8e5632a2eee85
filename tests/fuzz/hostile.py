"""Values that a field should survive: what a careless or hostile caller puts where something sound belongs."""

from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import strategies as st

TEXTS = (
    "", " ", "\t", "\0", "a\0b", "a\nb", "a\r\nb", "\x7f", "\x85", "\u2028", "\u202etxet", "\ufeff", "\uffff",
    "x" * 65, "x" * 101, "x" * 201, "x" * 2001, "\U0001f600" * 70, "e\u0301", "A001 ", " A001",
    "NaN", "Infinity", "-Infinity", "-1", "-0", "1e5", "1E+400", "0x10", "1_000", "+5", "0", "00", "007", "1.",
    ".5", "9" * 400, "9" * 5000, "12,50", "1.000.000", "71.72", "999999.99999", "0.000000000001",
    "\uff11\uff12", "\u0663", "\u00b2", "5 ", "\n5",
    "'; DROP TABLE agents.operations; --", "%s%n%x", "{}", "${7*7}", "<script>", "&#0;", "../../etc/passwd",
    "ORDER-1", "UNKNOWN", "warehouse-p-1", "TEMP-", "null", "None", "[]",
    "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
    "6ba7b8109dad11d180b400c04fd430c8", "6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "AAAA", "====", "\u00e9" * 32,
    "submit_order", "SUBMIT-ORDER", "1/page.png/", "0/page.png", "1/../1/page.png", "1\\page.png",
)  # fmt: skip
# An agent who is none: what is valid here would start work of an agent whom nobody holds back (see desk.py).
NO_AGENTS = ("", " ", "\0", "A\n1", "x" * 65, "A001 ", "\ta", "\u2028")

_INT32 = (0, 1, -1, 2, 99, 201, 2**31 - 1, -(2**31))
_INT64 = (*_INT32, 2**53 + 1, 2**63 - 1, -(2**63), 253_402_300_800, -62_135_596_801)
_TIMES = (
    (0, 0), (-1, 0), (1, -1), (1_900_000_000, 2_000_000_000), (1_900_000_000, -1), (2**63 - 1, 0),
    (-(2**63), 0), (253_402_300_799, 999_999_999), (-62_135_596_800, 0), (32_503_680_000, 0), (946_684_800, 0),
)  # fmt: skip
_MANY = 250


@st.composite
def spoiled(draw: st.DrawFn, sound: st.SearchStrategy[Message]) -> Message:
    """A sound message in which up to three fields, at any depth, hold something else; often none does."""
    message = draw(sound)
    for _ in range(draw(st.sampled_from((0, 0, 0, 0, 0, 1, 1, 1, 2, 3)))):
        where, field = draw(st.sampled_from(_places(message)))
        _spoil(draw, where, field)
    return message


def _places(message: Message) -> list[tuple[Message, Any]]:
    """Every field of the message and of those in it; a time is one value."""
    places: list[tuple[Message, Any]] = [(message, field) for field in message.DESCRIPTOR.fields]
    for field, value in message.ListFields():
        if field.message_type is None or isinstance(value, Timestamp):
            continue
        for inner in value if field.is_repeated else (value,):
            places += _places(inner)
    return places


def _spoil(draw: st.DrawFn, where: Message, field: Any) -> None:
    where.ClearField(field.name)
    how = draw(st.sampled_from(("missing", "one", "one", "one", "one", "many")))
    if how == "missing":
        return
    if field.is_repeated:
        values = [draw(_value(field))] * (_MANY if how == "many" else 1)
        getattr(where, field.name).extend(values)
    elif field.message_type is not None:
        getattr(where, field.name).CopyFrom(draw(_value(field)))
    else:
        setattr(where, field.name, draw(_value(field)))


def _value(field: Any) -> st.SearchStrategy[Any]:
    if field.message_type is not None:
        kind = GetMessageClass(field.message_type)
        return _times if kind is Timestamp else st.builds(kind)
    if field.enum_type is not None:
        return st.sampled_from((0, 1, 99, -1, 2**31 - 1))
    if field.type == FieldDescriptor.TYPE_STRING:
        return _no_agents if field.name in {"user_id", "user_ids"} else _texts
    if field.type == FieldDescriptor.TYPE_BOOL:
        return st.booleans()
    return st.sampled_from(_INT64 if field.type == FieldDescriptor.TYPE_INT64 else _INT32)


def _is_utf8(text: str) -> bool:
    """Lone surrogates cannot be put into a message: `mangled` sends them as bytes."""
    return all(not 0xD800 <= ord(character) < 0xE000 for character in text)


_times = st.sampled_from(_TIMES).map(lambda each: Timestamp(seconds=each[0], nanos=each[1]))
_no_agents = st.sampled_from(NO_AGENTS)
_texts = st.sampled_from(TEXTS) | st.text(max_size=30).filter(_is_utf8)
