"""What looking at operations can fail with, beside the errors of the operations themselves."""

from archibald_client.errors import ArchibaldError, PreconditionError


class OperationNotFoundError(ArchibaldError):
    """There is no such operation (or no such file of it), or the caller may not see it."""

    default_reason = "OPERATION_NOT_FOUND"
    default_status = "NOT_FOUND"
    advice = (
        "Check the id, or agent, type and key. A file lies on the server whose attempt left it."
    )


class TooLateError(PreconditionError):
    """A cancel came after the first write, or after the end; the operation was not touched."""

    default_reason = "TOO_LATE"
    advice = "It was not stopped. Watch it to its end, or look at what it has come to."


class NotUnderReviewError(PreconditionError):
    """A decision came for an operation that nobody has to decide about."""

    default_reason = "NOT_UNDER_REVIEW"
    advice = "Nothing was changed. Look at the operation: somebody may have decided already."
