"""Our errors as gRPC statuses: one table, and google.rpc.Status details that no client has to guess."""

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

from server import errors
from server.errors import BotError, InvalidRequestError

DOMAIN = "archibald.v1"

# reason → status. What is not here is a fault of ours: INTERNAL.
_CODES = {
    errors.InvalidRequestError: code_pb2.INVALID_ARGUMENT,
    errors.NotBuiltError: code_pb2.UNIMPLEMENTED,
    errors.KeyReusedError: code_pb2.FAILED_PRECONDITION,
    errors.TargetBusyError: code_pb2.FAILED_PRECONDITION,
    errors.TargetAlreadyDoneError: code_pb2.FAILED_PRECONDITION,
    errors.ErpRejectedError: code_pb2.FAILED_PRECONDITION,
    errors.CustomerAmbiguousError: code_pb2.FAILED_PRECONDITION,
    errors.ErpLoginRejectedError: code_pb2.FAILED_PRECONDITION,
    errors.ExpiredError: code_pb2.FAILED_PRECONDITION,
    errors.OutcomeUnknownError: code_pb2.FAILED_PRECONDITION,
    errors.LocalCommitPendingError: code_pb2.FAILED_PRECONDITION,
    errors.OutcomeAbandonedError: code_pb2.FAILED_PRECONDITION,
    errors.TooLateError: code_pb2.FAILED_PRECONDITION,
    errors.NotUnderReviewError: code_pb2.FAILED_PRECONDITION,
    errors.UnclearError: code_pb2.FAILED_PRECONDITION,
    errors.OperationNotFoundError: code_pb2.NOT_FOUND,
    errors.CancelledError: code_pb2.ABORTED,
    errors.UiDriftError: code_pb2.FAILED_PRECONDITION,
    errors.UserBusyError: code_pb2.ABORTED,
    errors.PoolExhaustedError: code_pb2.RESOURCE_EXHAUSTED,
    errors.ErpUnavailableError: code_pb2.UNAVAILABLE,
    errors.BrowserLostError: code_pb2.UNAVAILABLE,
    errors.DatabaseDownError: code_pb2.UNAVAILABLE,
    errors.DrainingError: code_pb2.UNAVAILABLE,
    errors.FencedError: code_pb2.ABORTED,
}

# Seconds after which it makes sense to ask again, for the statuses that are worth it.
_RETRY_AFTER = {
    code_pb2.UNAVAILABLE: 2,
    code_pb2.ABORTED: 5,
    code_pb2.RESOURCE_EXHAUSTED: 10,
}


def status_of(error: BotError) -> status_pb2.Status:
    """The status, with exactly one ErrorInfo, and BadRequest, PreconditionFailure, RetryInfo as they apply."""
    code = _CODES.get(type(error), code_pb2.INTERNAL)
    status = status_pb2.Status(code=code, message=error.message)
    details: list[Message] = [
        error_details_pb2.ErrorInfo(
            reason=error.reason, domain=DOMAIN, metadata=dict(error.metadata)
        )
    ]
    if isinstance(error, InvalidRequestError):
        details.append(
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(
                        field=violation.field, description=violation.description
                    )
                    for violation in error.violations
                ]
            )
        )
    elif code == code_pb2.FAILED_PRECONDITION:
        details.append(
            error_details_pb2.PreconditionFailure(
                violations=[
                    error_details_pb2.PreconditionFailure.Violation(
                        type=error.reason, description=error.message
                    )
                ]
            )
        )
    if code in _RETRY_AFTER:
        delay = Duration(seconds=_RETRY_AFTER[code])
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    for detail in details:
        status.details.add().Pack(detail)
    return status
