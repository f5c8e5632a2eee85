/** What looking at operations can fail with, beside the errors of the operations themselves. */

import { ArchibaldError, PreconditionError } from "./errors.js";

/** There is no such operation (or no such file of it), or the caller may not see it. */
export class OperationNotFoundError extends ArchibaldError {
  static defaultReason = "OPERATION_NOT_FOUND";
  static defaultStatus = "NOT_FOUND";
  static advice =
    "Check the id, or agent, type and key. A file lies on the server whose attempt left it.";
}

/** A cancel came after the first write, or after the end; the operation was not touched. */
export class TooLateError extends PreconditionError {
  static defaultReason = "TOO_LATE";
  static advice = "It was not stopped. Watch it to its end, or look at what it has come to.";
}

/** A decision came for an operation that nobody has to decide about. */
export class NotUnderReviewError extends PreconditionError {
  static defaultReason = "NOT_UNDER_REVIEW";
  static advice = "Nothing was changed. Look at the operation: somebody may have decided already.";
}
