"""What an operation can fail with: one class for each reason of the contract, and one table.

The contract's table (in ``bot.proto``) is the source; this one adds the Python class. Catch a class when
you handle one reason, `UnavailableError` for everything that was worth a retry, `ArchibaldError` for all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a request: the field's path (``items[2].quantity``) and what is allowed."""

    field: str
    description: str
    description_it: str = ""  # for the agent, where the server said it so


class ArchibaldError(Exception):
    """An operation has not given a result; the attributes say why and what to do.

    Attributes:
        message: For people, in English.
        message_it: For the agent, in Italian, where the server said it so; else empty.
        reason: Stable word of the contract, ``"ERP_REJECTED"``; what a program decides by.
        status: Name of the gRPC status, ``"FAILED_PRECONDITION"``.
        metadata: Facts beside the reason, as ``draft_id``.
        violations: What is wrong with the request's fields; empty unless the request is at fault.
        retry_after: Seconds to wait before calling again, where the server named them.
    """

    default_reason = "UNKNOWN"
    default_status = "UNKNOWN"
    advice = "Call again with the same key, and report it if it stays."

    def __init__(
        self,
        message: str = "",
        *,
        reason: str | None = None,
        status: str | None = None,
        metadata: Mapping[str, str] = MappingProxyType({}),
        violations: Sequence[Violation] = (),
        retry_after: float | None = None,
        message_it: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.message_it = message_it
        self.reason = reason or self.default_reason
        self.status = status or self.default_status
        self.metadata: Mapping[str, str] = dict(metadata)
        self.violations = tuple(violations)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"

    @property
    def next_step(self) -> str:
        """What the caller should do now, in one or two sentences."""
        return self.advice


class InvalidRequestError(ArchibaldError):
    """The request itself is wrong; nothing was stored and nothing was done."""

    default_reason = "INVALID_REQUEST"
    default_status = "INVALID_ARGUMENT"
    advice = "Nothing was done. Mend the fields named here and call again with the same key."


class NotBuiltError(ArchibaldError):
    """The request asks for something that the server's version does not do; nothing was done."""

    default_reason = "NOT_BUILT"
    default_status = "UNIMPLEMENTED"
    advice = "Nothing was done. Leave that field out, or use a server that can do it."


class UnauthenticatedError(ArchibaldError):
    """The server does not know who calls: no token or certificate, or one of nobody."""

    default_reason = "UNAUTHENTICATED"
    default_status = "UNAUTHENTICATED"
    advice = "Nothing was done. Call with the token or the certificate that an operator gave you."


class PermissionDeniedError(ArchibaldError):
    """The caller may not act for this agent; nothing was done."""

    default_reason = "PERMISSION_DENIED"
    default_status = "PERMISSION_DENIED"
    advice = "Nothing was done. Have an operator add the agent to those that you may act for."


class PreconditionError(ArchibaldError):
    """Something must be put right first; calling again unchanged will not help."""

    default_status = "FAILED_PRECONDITION"


class KeyReusedError(PreconditionError):
    """The operation key belongs to a different request; the differing fields are named."""

    default_reason = "IDEMPOTENCY_KEY_REUSED"
    advice = "Nothing new was done. Send the first request again, or name the new effect with its own key."


class TargetBusyError(PreconditionError):
    """Another unfinished operation, under another key, works on the same business object."""

    default_reason = "TARGET_BUSY"
    advice = "Nothing was done. Wait until the other key's operation has ended."


class TargetAlreadyDoneError(PreconditionError):
    """The same business object was already done under another key."""

    default_reason = "TARGET_ALREADY_DONE"
    advice = "Nothing was done. Ask with the key named here for the result."


class ErpRejectedError(PreconditionError):
    """The ERP refused the data; repeating the same request will not help."""

    default_reason = "ERP_REJECTED"
    advice = "Tell the agent, mend the request, and call again with the same key."

    @property
    def draft_id(self) -> str | None:
        """The draft left behind in the ERP, if one is."""
        return self.metadata.get("draft_id")

    @property
    def next_step(self) -> str:
        """What the caller should do now; a draft left behind must be looked at first."""
        if self.draft_id is None:
            return self.advice
        return (
            f"Tell the agent. Draft {self.draft_id} is left in the ERP and the key is held "
            "until a person has looked at it."
        )


class CustomerAmbiguousError(PreconditionError):
    """Several customers fit and the request names no id to choose by."""

    default_reason = "CUSTOMER_AMBIGUOUS"
    advice = "Nothing was done. Name the customer's id and call again with the same key."


class ErpLoginRejectedError(PreconditionError):
    """The ERP did not accept the agent's login, or none is stored."""

    default_reason = "ERP_LOGIN_REJECTED"
    advice = (
        "Nothing was done. Have the agent's ERP login put right, then call again with the same key."
    )


class ExpiredError(PreconditionError):
    """``start_by`` passed before anything was written; nothing happened in the ERP."""

    default_reason = "EXPIRED"
    advice = "Nothing was done. If it is still wanted, call again with the same key."


class OutcomeUnknownError(PreconditionError):
    """A write may have reached the ERP and nobody knows yet; a person looks at it."""

    default_reason = "OUTCOME_UNKNOWN"
    advice = (
        "Do NOT use a new key: it could do it twice. Wait for the person, then ask with this key."
    )


class OutcomeAbandonedError(PreconditionError):
    """A person looked at it and gave it up; the key is at its end."""

    default_reason = "OUTCOME_ABANDONED"
    advice = (
        "This key is at its end. Ask the person who decided before it is done under another one."
    )


class LocalCommitPendingError(PreconditionError):
    """The ERP has done it; only the service's own tables are still to follow."""

    default_reason = "LOCAL_COMMIT_PENDING"
    advice = "The ERP has done it. Call again with the same key for the full result."

    @property
    def erp_id(self) -> str | None:
        """The id of what now exists in the ERP."""
        return self.metadata.get("erp_id")


class UiDriftError(PreconditionError):
    """The ERP's site does not look as the service knows it; nothing was written."""

    default_reason = "UI_DRIFT"
    advice = "Nothing was written. An operator must look at the site before it is tried again."


class CancelledError(ArchibaldError):
    """Somebody cancelled the operation before anything was written."""

    default_reason = "CANCELLED"
    default_status = "ABORTED"
    advice = "Nothing was done. If it is still wanted, call again with the same key."


class UserBusyError(ArchibaldError):
    """Another operation of this agent holds the agent's turn; nothing was done."""

    default_reason = "USER_BUSY"
    default_status = "ABORTED"
    advice = "Nothing was done. Call again with the same key when the agent's other one has ended."


class FencedError(ArchibaldError):
    """Another server has taken the operation over; nothing was done by this call."""

    default_reason = "FENCED"
    default_status = "ABORTED"
    advice = "Call again with the same key to join the operation where it runs now."


class PoolExhaustedError(ArchibaldError):
    """No browser came free in time; nothing was done."""

    default_reason = "POOL_EXHAUSTED"
    default_status = "RESOURCE_EXHAUSTED"
    advice = "Nothing was done. Call again later with the same key."


class UnavailableError(ArchibaldError):
    """The service cannot work now. The client has already tried again, as long as its patience lasted."""

    default_reason = "UNAVAILABLE"
    default_status = "UNAVAILABLE"
    advice = "Call again later with the same key."


class DrainingError(UnavailableError):
    """The server is shutting down and takes no new work."""

    default_reason = "DRAINING"


class DatabaseDownError(UnavailableError):
    """The service cannot reach its database; what was written in the ERP, if anything, is known to it."""

    default_reason = "DB_DOWN"


class ErpUnavailableError(UnavailableError):
    """The ERP could not be reached or did not answer as it should; nothing was written."""

    default_reason = "ERP_DOWN"


class ServerUnreachableError(UnavailableError):
    """No server answered, or the connection broke and none came back in time.

    A request that arrived before the connection broke goes on without us.
    """

    default_reason = "SERVER_UNREACHABLE"
    advice = (
        "If the request had arrived, the operation goes on. Call again with the same key: that joins it, "
        "or starts it if it never arrived."
    )


class InternalError(ArchibaldError):
    """A fault of the service's own."""

    default_reason = "INTERNAL"
    default_status = "INTERNAL"
    advice = "Call again with the same key, and report it."


class StoppedListeningError(ArchibaldError):
    """The timeout passed before the operation ended; the operation goes on."""

    default_reason = "DEADLINE_EXCEEDED"
    default_status = "DEADLINE_EXCEEDED"
    advice = "The operation goes on. Call again with the same key to join it or to hear its end."


class BrokenContractError(ArchibaldError):
    """The peer answered in a way that the contract does not know: is it the right server?"""

    default_reason = "BROKEN_CONTRACT"
    advice = "Check the server's address and version, then call again with the same key."
