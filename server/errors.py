"""What can go wrong, one class and one sentence each; the gRPC edge turns them into statuses.

Every error carries the stable ``reason`` of the contract (`ErrorInfo.reason`) and says in its
message what the reader should do next. gRPC itself is not known here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class BotError(Exception):
    """Base of every error that a caller hears; ``reason`` and ``metadata`` are part of the contract."""

    reason: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, **metadata: str) -> None:
        super().__init__(message)
        self.message = message
        self.metadata: Mapping[str, str] = metadata

    def stored(self) -> dict[str, object]:
        """The error as the journal keeps it."""
        return {"reason": self.reason, "message": self.message, "metadata": dict(self.metadata)}


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a request: the field's path (``items[2].quantity``) and what is allowed.

    The path is "" for the request as a whole. ``description_it`` is for the agent at its screen.
    """

    field: str
    description: str
    description_it: str

    def told(self, description: str) -> str:
        """The path and one of the descriptions, in one line."""
        return f"{self.field}: {description}" if self.field else description


class InvalidRequestError(BotError):
    """The request itself is wrong; nothing was stored and nothing was done."""

    reason = "INVALID_REQUEST"

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__("; ".join(each.told(each.description) for each in violations))
        self.violations = tuple(violations)


class NotBuiltError(BotError):
    """The request asks for something that this version does not do; nothing was done."""

    reason = "NOT_BUILT"


class UnauthenticatedError(BotError):
    """The caller is nobody we know; nothing of its request was looked at."""

    reason = "UNAUTHENTICATED"


class PermissionDeniedError(BotError):
    """The caller may not act for this agent; nothing was looked at, and nothing was done."""

    reason = "PERMISSION_DENIED"


class KeyReusedError(BotError):
    """The operation key belongs to a different request; the differing fields are named."""

    reason = "IDEMPOTENCY_KEY_REUSED"


class TargetBusyError(BotError):
    """Another unfinished operation, under another key, works on the same business object."""

    reason = "TARGET_BUSY"


class TargetAlreadyDoneError(BotError):
    """The same business object was already done under another key."""

    reason = "TARGET_ALREADY_DONE"


class ErpRejectedError(BotError):
    """The ERP refused the data; repeating the same request will not help.

    ``nothing_left``: the ERP was read back after the refusal, and it holds nothing of the attempt.
    """

    reason = "ERP_REJECTED"

    def __init__(self, message: str, *, nothing_left: bool = False, **metadata: str) -> None:
        super().__init__(message, **metadata)
        self.nothing_left = nothing_left


class CustomerAmbiguousError(BotError):
    """Several customers fit and the request names no id to choose by."""

    reason = "CUSTOMER_AMBIGUOUS"


class ErpLoginRejectedError(BotError):
    """The ERP did not accept the agent's login, or none is stored."""

    reason = "ERP_LOGIN_REJECTED"


class ExpiredError(BotError):
    """``start_by`` passed before anything was written; nothing happened in the ERP."""

    reason = "EXPIRED"


class OutcomeUnknownError(BotError):
    """A write may have reached the ERP and nobody knows yet; a new key could order twice."""

    reason = "OUTCOME_UNKNOWN"


class OutcomeAbandonedError(BotError):
    """A person gave the operation up after looking at it; the key is at its end."""

    reason = "OUTCOME_ABANDONED"


class CancelledError(BotError):
    """The operation was cancelled before anything was written; the same key may run again."""

    reason = "CANCELLED"


class TooLateError(BotError):
    """A cancel came after the first write; the operation goes on."""

    reason = "TOO_LATE"


class NotUnderReviewError(BotError):
    """A decision came for an operation that nobody has to decide about."""

    reason = "NOT_UNDER_REVIEW"


class OperationNotFoundError(BotError):
    """There is no such operation, or no such file of it."""

    reason = "OPERATION_NOT_FOUND"


class UnclearError(BotError):
    """A read-back of the ERP settled nothing; it is tried again, and at last held for a person.

    ``pause``: seconds until a read-back can settle it, where that is known: the wait does not count.
    """

    reason = "UNCLEAR"

    def __init__(self, message: str, *, pause: float | None = None, **metadata: str) -> None:
        super().__init__(message, **metadata)
        self.pause = pause


class HeldError(BotError):
    """What was found cannot be settled by any further read-back: a person has to look at once."""

    reason = "HELD"


class NothingThereError(BotError):
    """It was proved that the ERP holds nothing of the operation; not a failure."""

    reason = "ABSENT"


class LocalCommitPendingError(BotError):
    """The ERP has done it and its id is saved; only our own tables are still to be written."""

    reason = "LOCAL_COMMIT_PENDING"


class UserBusyError(BotError):
    """Another operation of this agent holds the agent's turn."""

    reason = "USER_BUSY"


class PoolExhaustedError(BotError):
    """No browser came free in time; nothing was done in the ERP."""

    reason = "POOL_EXHAUSTED"


class ErpUnavailableError(BotError):
    """The ERP could not be reached or did not answer as it should; nothing was written."""

    reason = "ERP_DOWN"


class BrowserLostError(ErpUnavailableError):
    """The page, its browser or Playwright's driver was lost; the ERP had no part in it."""


class DatabaseDownError(BotError):
    """Our database could not be reached; nothing was done in the ERP."""

    reason = "DB_DOWN"


class DrainingError(BotError):
    """The server is shutting down and takes no new work."""

    reason = "DRAINING"


class FencedError(BotError):
    """Another worker has taken this operation over; this one must stop."""

    reason = "FENCED"


class UiDriftError(BotError):
    """The site did not look or act as we know it; the attempt was stopped.

    ``seen`` says what was there instead (element ids, texts of our own making: never a secret).
    """

    reason = "UI_DRIFT"


def restored_error(stored: Mapping[str, object]) -> BotError:
    """The error that `BotError.stored` kept, as its own class again."""
    kinds = {kind.reason: kind for kind in BotError.__subclasses__()}
    error = kinds.get(str(stored["reason"]), BotError)("")
    error.message = str(stored["message"])
    metadata = stored.get("metadata")
    error.metadata = dict(metadata) if isinstance(metadata, Mapping) else {}
    return error
