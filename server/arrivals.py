"""What arrives as bytes becomes a request, or is refused as what it is: too big, or no such message.

Left to gRPC, bytes that cannot be read would be answered as INTERNAL, without a reason.
"""

from typing import Any

from google.protobuf.message import DecodeError, Message

from server.errors import InvalidRequestError, Violation

# Four times an order of 200 lines with every text at its longest. (gRPC itself takes 4 MiB; what is
# larger it refuses without us, as RESOURCE_EXHAUSTED.)
MOST_BYTES = 1024 * 1024


def request_of(kind: type[Message], data: bytes) -> Any:
    """The request in these bytes.

    Raises:
        InvalidRequestError: they are too many, or no message of this kind.
    """
    if len(data) > MOST_BYTES:
        raise InvalidRequestError(
            [
                Violation(
                    "",
                    f"the request must have at most {MOST_BYTES} bytes",
                    f"la richiesta deve avere al massimo {MOST_BYTES} byte",
                )
            ]
        )
    try:
        return kind.FromString(data)
    except DecodeError:
        raise InvalidRequestError(
            [
                Violation(
                    "",
                    f"the bytes are no {kind.DESCRIPTOR.full_name}; texts must be UTF-8",
                    f"i byte non sono un {kind.DESCRIPTOR.full_name}; i testi devono essere UTF-8",
                )
            ]
        ) from None
