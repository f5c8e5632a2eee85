/**
 * What an operation can fail with: one class for each reason of the contract.
 *
 * The contract's table (in `bot.proto`) is the source. Catch a class when you handle one reason,
 * `UnavailableError` for everything that was worth a retry, `ArchibaldError` for all.
 */
export type Violation = {
    field: string;
    description: string;
    descriptionIt: string;
};
export type Facts = {
    reason?: string;
    status?: string;
    metadata?: Readonly<Record<string, string>>;
    violations?: readonly Violation[];
    retryAfterMs?: number;
    messageIt?: string;
};
/**
 * One thing wrong with a request: the field's path (`items[2].quantity`) and what is allowed.
 * `descriptionIt` says it in Italian, for the agent, where the server did; else it is empty.
 *
 * @typedef {{ field: string, description: string, descriptionIt: string }} Violation
 */
/**
 * What an error carries beside its message.
 *
 * @typedef {object} Facts
 * @property {string} [reason]
 * @property {string} [status]
 * @property {Readonly<Record<string, string>>} [metadata]
 * @property {readonly Violation[]} [violations]
 * @property {number} [retryAfterMs]
 * @property {string} [messageIt]
 */
/** An operation has not given a result; the properties say why and what to do. */
export declare class ArchibaldError extends Error {
    /** Stable word of the contract, `"ERP_REJECTED"`; what a program decides by. */
    reason: string;
    /** Name of the gRPC status, `"FAILED_PRECONDITION"`. */
    status: string;
    /**
     * Facts beside the reason, as `draft_id`.
     * @type {Readonly<Record<string, string>>}
     */
    metadata: Readonly<Record<string, string>>;
    /**
     * What is wrong with the request's fields; empty unless the request is at fault.
     * @type {readonly Violation[]}
     */
    violations: readonly Violation[];
    /** Milliseconds to wait before calling again, where the server named them. */
    retryAfterMs: number | undefined;
    /** For the agent, in Italian, where the server said it so; else empty. */
    messageIt: string;
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
    /**
     * @param {string} [message] For people, in English.
     * @param {Facts} [facts]
     */
    constructor(message?: string, { reason, status, metadata, violations, retryAfterMs, messageIt }?: Facts);
    /** What the caller should do now, in one or two sentences. */
    get nextStep(): string;
}
/** The request itself is wrong; nothing was stored and nothing was done. */
export declare class InvalidRequestError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The request asks for something that the server's version does not do; nothing was done. */
export declare class NotBuiltError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The server does not know who calls: no token or certificate, or one of nobody. */
export declare class UnauthenticatedError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The caller may not act for this agent; nothing was done. */
export declare class PermissionDeniedError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** Something must be put right first; calling again unchanged will not help. */
export declare class PreconditionError extends ArchibaldError {
    static defaultStatus: string;
}
/** The operation key belongs to a different request; the differing fields are named. */
export declare class KeyReusedError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** Another unfinished operation, under another key, works on the same business object. */
export declare class TargetBusyError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** The same business object was already done under another key. */
export declare class TargetAlreadyDoneError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** The ERP refused the data; repeating the same request will not help. */
export declare class ErpRejectedError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
    /** The draft left behind in the ERP, if one is. */
    get draftId(): string;
    /** What the caller should do now; a draft left behind must be looked at first. */
    get nextStep(): string;
}
/** Several customers fit and the request names no id to choose by. */
export declare class CustomerAmbiguousError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** The ERP did not accept the agent's login, or none is stored. */
export declare class ErpLoginRejectedError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** `start_by` passed before anything was written; nothing happened in the ERP. */
export declare class ExpiredError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** A write may have reached the ERP and nobody knows yet; a person looks at it. */
export declare class OutcomeUnknownError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** A person looked at it and gave it up; the key is at its end. */
export declare class OutcomeAbandonedError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** The ERP has done it; only the service's own tables are still to follow. */
export declare class LocalCommitPendingError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
    /** The id of what now exists in the ERP. */
    get erpId(): string;
}
/** The ERP's site does not look as the service knows it; nothing was written. */
export declare class UiDriftError extends PreconditionError {
    static defaultReason: string;
    static advice: string;
}
/** Somebody cancelled the operation before anything was written. */
export declare class CancelledError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** Another operation of this agent holds the agent's turn; nothing was done. */
export declare class UserBusyError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** Another server has taken the operation over; nothing was done by this call. */
export declare class FencedError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** No browser came free in time; nothing was done. */
export declare class PoolExhaustedError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The service cannot work now. The client has already tried again, as long as its patience lasted. */
export declare class UnavailableError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The server is shutting down and takes no new work. */
export declare class DrainingError extends UnavailableError {
    static defaultReason: string;
}
/** The service cannot reach its database; what was written in the ERP, if anything, is known to it. */
export declare class DatabaseDownError extends UnavailableError {
    static defaultReason: string;
}
/** The ERP could not be reached or did not answer as it should; nothing was written. */
export declare class ErpUnavailableError extends UnavailableError {
    static defaultReason: string;
}
/**
 * No server answered, or the connection broke and none came back in time.
 *
 * A request that arrived before the connection broke goes on without us.
 */
export declare class ServerUnreachableError extends UnavailableError {
    static defaultReason: string;
    static advice: string;
}
/** A fault of the service's own. */
export declare class InternalError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The timeout passed before the operation ended; the operation goes on. */
export declare class StoppedListeningError extends ArchibaldError {
    static defaultReason: string;
    static defaultStatus: string;
    static advice: string;
}
/** The peer answered in a way that the contract does not know: is it the right server? */
export declare class BrokenContractError extends ArchibaldError {
    static defaultReason: string;
    static advice: string;
}
