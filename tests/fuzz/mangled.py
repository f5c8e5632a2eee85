"""Bytes that were a message once: cut, flipped, doubled, with fields of nobody's and texts that are no UTF-8."""

from collections.abc import Callable

from google.protobuf.message import Message
from hypothesis import strategies as st

# Pieces of the wire format that mean something, or should not: unknown fields, a group, a length past the
# end, a varint that never ends, texts with a lone surrogate, a NUL in overlong form, bare continuation.
PIECES = (
    b"\xfa\x3f\x02hi", b"\x98\x06\x01", b"\xa5\x06\x00\x00\x00\x00", b"\xa1\x06" + b"\0" * 8, b"\x9b\x06\x9c\x06",
    b"\x0b", b"\x0c", b"\x0a\xff\xff\xff\xff\x0f", b"\x0a\x7f", b"\xff" * 11, b"\x00", b"\x07", b"\x52\x80",
    b"\x0a\x03\xed\xa0\x80", b"\x52\x03\xed\xbf\xbf", b"\x0a\x02\xc0\x80", b"\x52\x01\x80", b"\x0a\x04\xf4\x90\x80\x80",
    b"\x20\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x20\x63", b"\x1a\x02\x08\x01", b"\x1a\x00", b"\x72\x00",
    b"\x72\x02\x98\x06", b"\x0a\x00", b"\x0a\x01\x00",
)  # fmt: skip

Change = Callable[[st.DrawFn, bytes], bytes]


@st.composite
def mangled(draw: st.DrawFn, sound: st.SearchStrategy[Message]) -> bytes:
    """A serialised message with one to three such changes; sometimes bytes that never were one."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    data = draw(sound).SerializeToString()
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        data = draw(st.sampled_from(_CHANGES))(draw, data)
    return data


def _cut(draw: st.DrawFn, data: bytes) -> bytes:
    return data[: draw(st.integers(0, len(data)))]


def _flip(draw: st.DrawFn, data: bytes) -> bytes:
    if not data:
        return data
    place = draw(st.integers(0, len(data) - 1))
    return data[:place] + bytes([draw(st.integers(0, 255))]) + data[place + 1 :]


def _insert(draw: st.DrawFn, data: bytes) -> bytes:
    place = draw(st.sampled_from((0, len(data), draw(st.integers(0, len(data))))))
    return data[:place] + draw(st.sampled_from(PIECES) | st.binary(max_size=8)) + data[place:]


def _double(_: st.DrawFn, data: bytes) -> bytes:
    """Twice the same: the last scalar wins, lists hold everything twice."""
    return data + data


def _remove(draw: st.DrawFn, data: bytes) -> bytes:
    start = draw(st.integers(0, len(data)))
    return data[:start] + data[start + draw(st.integers(0, 16)) :]


_CHANGES: tuple[Change, ...] = (_cut, _flip, _flip, _insert, _insert, _double, _remove)
