"""Which class an error of the service is: by its stable reason, else by its status."""

from collections.abc import Mapping
from types import MappingProxyType

from archibald_client.desk_errors import NotUnderReviewError, OperationNotFoundError, TooLateError
from archibald_client.errors import (
    ArchibaldError,
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
    StoppedListeningError,
    TargetAlreadyDoneError,
    TargetBusyError,
    UiDriftError,
    UnauthenticatedError,
    UnavailableError,
    UserBusyError,
)

BY_REASON: Mapping[str, type[ArchibaldError]] = MappingProxyType(
    {
        kind.default_reason: kind
        for kind in (
            InvalidRequestError,
            NotBuiltError,
            UnauthenticatedError,
            PermissionDeniedError,
            KeyReusedError,
            TargetBusyError,
            TargetAlreadyDoneError,
            ErpRejectedError,
            CustomerAmbiguousError,
            ErpLoginRejectedError,
            ExpiredError,
            OutcomeUnknownError,
            OutcomeAbandonedError,
            CancelledError,
            LocalCommitPendingError,
            UserBusyError,
            FencedError,
            PoolExhaustedError,
            DrainingError,
            DatabaseDownError,
            ErpUnavailableError,
            UiDriftError,
            InternalError,
            OperationNotFoundError,
            TooLateError,
            NotUnderReviewError,
        )
    }
)

BY_STATUS: Mapping[str, type[ArchibaldError]] = MappingProxyType(
    {
        "FAILED_PRECONDITION": PreconditionError,
        "UNAVAILABLE": UnavailableError,
        "DEADLINE_EXCEEDED": StoppedListeningError,
    }
)
"""For reasons that a newer server invents."""
