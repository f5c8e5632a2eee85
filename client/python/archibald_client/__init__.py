"""Python client of Archibald Bot: writes in the ERP that can be called again with the same key."""

from typing import TYPE_CHECKING, Any

from archibald_client.desk_errors import NotUnderReviewError, OperationNotFoundError, TooLateError
from archibald_client.errors import (
    ArchibaldError,
    BrokenContractError,
    CancelledError,
    CustomerAmbiguousError,
    DatabaseDownError,
    DrainingError,
    ErpLoginRejectedError,
    ErpRejectedError,
    ErpUnavailableError,
    ExpiredError,
    FencedError,
    InternalError,
    InvalidRequestError,
    KeyReusedError,
    LocalCommitPendingError,
    NotBuiltError,
    OutcomeAbandonedError,
    OutcomeUnknownError,
    PermissionDeniedError,
    PoolExhaustedError,
    PreconditionError,
    ServerUnreachableError,
    StoppedListeningError,
    TargetAlreadyDoneError,
    TargetBusyError,
    UiDriftError,
    UnauthenticatedError,
    UnavailableError,
    UserBusyError,
    Violation,
)

if TYPE_CHECKING:
    from archibald_client.client import Client
    from archibald_client.listening import OnAccepted, OnProgress

__all__ = [
    "ArchibaldError",
    "BrokenContractError",
    "CancelledError",
    "Client",
    "CustomerAmbiguousError",
    "DatabaseDownError",
    "DrainingError",
    "ErpLoginRejectedError",
    "ErpRejectedError",
    "ErpUnavailableError",
    "ExpiredError",
    "FencedError",
    "InternalError",
    "InvalidRequestError",
    "KeyReusedError",
    "LocalCommitPendingError",
    "NotBuiltError",
    "NotUnderReviewError",
    "OnAccepted",
    "OnProgress",
    "OperationNotFoundError",
    "OutcomeAbandonedError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "PoolExhaustedError",
    "PreconditionError",
    "ServerUnreachableError",
    "StoppedListeningError",
    "TargetAlreadyDoneError",
    "TargetBusyError",
    "TooLateError",
    "UiDriftError",
    "UnauthenticatedError",
    "UnavailableError",
    "UserBusyError",
    "Violation",
]


def __getattr__(name: str) -> Any:
    # gRPC reads GRPC_VERBOSITY once, when it is imported. So that the command line, which lives in this
    # package too, can still keep gRPC's log off the terminal, the client is loaded by its first use.
    if name not in {"Client", "OnAccepted", "OnProgress"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from archibald_client import client  # noqa: PLC0415 - see above

    return getattr(client, name)
