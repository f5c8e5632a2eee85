"""Bytes that become a request, and bytes that do not."""

import pytest

from archibald.v1 import bot_pb2
from server.arrivals import MOST_BYTES, request_of
from server.errors import InvalidRequestError

NO_MESSAGES = {
    "a byte that is no UTF-8": b"\x0a\x02\xff\xfe",
    "a lone surrogate": b"\x0a\x03\xed\xa0\x80",
    "NUL in two bytes": b"\x0a\x02\xc0\x80",
    "a length past the end": b"\x0a\x7fx",
    "half a message": bot_pb2.DeleteOrderRequest(user_id="A001").SerializeToString()[:-1],
    "a group that never ends": b"\x0b",
}


@pytest.mark.parametrize("name", NO_MESSAGES)
def test_what_cannot_be_read_is_the_callers_mistake(name: str) -> None:
    """INVALID_REQUEST, never INTERNAL: a retry would not help."""
    with pytest.raises(InvalidRequestError, match=r"no archibald\.v1\.DeleteOrderRequest"):
        request_of(bot_pb2.DeleteOrderRequest, NO_MESSAGES[name])


def test_what_is_too_big_is_not_even_read() -> None:
    """The bound is said; at the bound it is read."""
    request = bot_pb2.DeleteOrderRequest(order_id="1" * (MOST_BYTES - 4))
    data = request.SerializeToString()
    assert len(data) == MOST_BYTES
    assert request_of(bot_pb2.DeleteOrderRequest, data) == request
    with pytest.raises(InvalidRequestError, match=f"at most {MOST_BYTES} bytes"):
        request_of(bot_pb2.DeleteOrderRequest, data + b"\0")
