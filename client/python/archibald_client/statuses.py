"""Turns the status that ends a gRPC call into an error of this package."""

from collections.abc import Callable
from typing import TypeVar

import grpc.aio
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from archibald_client.errors import (
    ArchibaldError,
    ServerUnreachableError,
    Violation,
)
from archibald_client.kinds import BY_REASON, BY_STATUS

DOMAIN = "archibald.v1"

Detail = TypeVar("Detail", bound=Message)


def error_of(failure: grpc.aio.AioRpcError) -> ArchibaldError:
    """The typed error for a call's status; falls back on the status when no detail names a reason."""
    status = failure.code().name
    message = failure.details() or "no message"
    details = _rich_status(failure)
    info = _detail(details, error_details_pb2.ErrorInfo)
    if info is None or info.domain != DOMAIN:
        # Not a word of our server's: the transport, a proxy or an interceptor speaks.
        if status == "UNAVAILABLE":
            return ServerUnreachableError(f"no answer from the server ({message})")
        return BY_STATUS.get(status, ArchibaldError)(message, reason=status, status=status)
    kind = BY_REASON.get(info.reason) or BY_STATUS.get(status, ArchibaldError)
    retry = _detail(details, error_details_pb2.RetryInfo)
    bad_request = _detail(details, error_details_pb2.BadRequest)
    violations = bad_request.field_violations if bad_request is not None else ()
    return kind(
        message,
        reason=info.reason,
        status=status,
        metadata=info.metadata,
        violations=[
            Violation(v.field, v.description, _italian(v.localized_message)) for v in violations
        ],
        retry_after=retry.retry_delay.ToTimedelta().total_seconds() if retry is not None else None,
        message_it=_italian(_detail(details, error_details_pb2.LocalizedMessage, _is_italian)),
    )


def _is_italian(text: error_details_pb2.LocalizedMessage) -> bool:
    return str(text.locale).lower().split("-")[0] == "it"


def _italian(text: error_details_pb2.LocalizedMessage | None) -> str:
    return str(text.message) if text is not None and _is_italian(text) else ""


def _rich_status(failure: grpc.aio.AioRpcError) -> status_pb2.Status:
    try:
        return rpc_status.from_call(failure) or status_pb2.Status()
    except (ValueError, DecodeError):
        # Something on the way changed the status or the details: they do not belong together any more.
        return status_pb2.Status()


def _detail(
    status: status_pb2.Status, kind: type[Detail], fits: Callable[[Detail], bool] = lambda _: True
) -> Detail | None:
    for packed in status.details:
        if packed.Is(kind.DESCRIPTOR):
            detail = kind()
            packed.Unpack(detail)
            if fits(detail):
                return detail
    return None
