/** What looking at operations can fail with, beside the errors of the operations themselves. */
import { ArchibaldError, PreconditionError } from "./errors.js";
/** There is no such operation (or no such file of it), or the caller may not see it. */
export declare class OperationNotFoundError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** A cancel came after the first write, or after the end; the operation was not touched. */
export declare class TooLateError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** A decision came for an operation that nobody has to decide about. */
export declare class NotUnderReviewError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
