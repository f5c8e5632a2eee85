"""What every refusal must be: a status of the contract, and details that say what is wrong and what is allowed."""

import re
from typing import Any

import grpc

from tests.details import told

# What the service may answer to whatever comes in, while database and server are well.
ALLOWED = frozenset({"INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION", "ABORTED"})
_STEP = re.compile(r"([a-z0-9_]+)(?:\[([0-9]+)\])?")


def refused_well(failure: grpc.RpcError, request: Any) -> str:
    """The reason of a refusal of this kind of request (its descriptor), if all of it is as promised."""
    assert failure.code().name in ALLOWED, f"{failure.code()}: {failure.details()}"
    refusal = told(failure)
    for field, allowed in refusal.violations.items():
        assert allowed
        assert refusal.violations_it[field]
        assert is_path(field, request), field
    return refusal.reason


def refused_by_grpc(failure: grpc.RpcError) -> str:
    """What gRPC itself answers to more bytes than it takes; our server never sees them."""
    assert failure.code() == grpc.StatusCode.RESOURCE_EXHAUSTED, failure.code()
    return "TOO LARGE FOR GRPC"


def is_path(path: str, request: Any) -> bool:
    """Whether the path names a field, or a oneof, of the request as the proto spells it; "" is the request."""
    message: Any = request
    for part in path.split(".") if path else ():
        step = _STEP.fullmatch(part)
        if step is None or message is None:
            return False
        if step[1] in message.oneofs_by_name:
            message = None
            continue
        field = message.fields_by_name.get(step[1])
        if field is None or (step[2] is not None and not field.is_repeated):
            return False
        message = field.message_type
    return True
