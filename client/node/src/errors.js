/**
 * What an operation can fail with: one class for each reason of the contract.
 *
 * The contract's table (in `bot.proto`) is the source. Catch a class when you handle one reason,
 * `UnavailableError` for everything that was worth a retry, `ArchibaldError` for all.
 */

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
export class ArchibaldError extends Error {
  static defaultReason = "UNKNOWN";
  static defaultStatus = "UNKNOWN";
  static advice = "Call again with the same key, and report it if it stays.";

  /**
   * @param {string} [message] For people, in English.
   * @param {Facts} [facts]
   */
  constructor(message = "", { reason, status, metadata, violations, retryAfterMs, messageIt } = {}) {
    super(message);
    const kind = new.target;
    this.name = kind.name;
    /** Stable word of the contract, `"ERP_REJECTED"`; what a program decides by. */
    this.reason = reason ?? kind.defaultReason;
    /** Name of the gRPC status, `"FAILED_PRECONDITION"`. */
    this.status = status ?? kind.defaultStatus;
    /**
     * Facts beside the reason, as `draft_id`.
     * @type {Readonly<Record<string, string>>}
     */
    this.metadata = metadata ?? {};
    /**
     * What is wrong with the request's fields; empty unless the request is at fault.
     * @type {readonly Violation[]}
     */
    this.violations = violations ?? [];
    /** Milliseconds to wait before calling again, where the server named them. */
    this.retryAfterMs = retryAfterMs;
    /** For the agent, in Italian, where the server said it so; else empty. */
    this.messageIt = messageIt ?? "";
  }

  /** What the caller should do now, in one or two sentences. */
  get nextStep() {
    return /** @type {typeof ArchibaldError} */ (this.constructor).advice;
  }
}

/** The request itself is wrong; nothing was stored and nothing was done. */
export class InvalidRequestError extends ArchibaldError {
  static defaultReason = "INVALID_REQUEST";
  static defaultStatus = "INVALID_ARGUMENT";
  static advice = "Nothing was done. Mend the fields named here and call again with the same key.";
}

/** The request asks for something that the server's version does not do; nothing was done. */
export class NotBuiltError extends ArchibaldError {
  static defaultReason = "NOT_BUILT";
  static defaultStatus = "UNIMPLEMENTED";
  static advice = "Nothing was done. Leave that field out, or use a server that can do it.";
}

/** The server does not know who calls: no token or certificate, or one of nobody. */
export class UnauthenticatedError extends ArchibaldError {
  static defaultReason = "UNAUTHENTICATED";
  static defaultStatus = "UNAUTHENTICATED";
  static advice = "Nothing was done. Call with the token or the certificate that an operator gave you.";
}

/** The caller may not act for this agent; nothing was done. */
export class PermissionDeniedError extends ArchibaldError {
  static defaultReason = "PERMISSION_DENIED";
  static defaultStatus = "PERMISSION_DENIED";
  static advice = "Nothing was done. Have an operator add the agent to those that you may act for.";
}

/** Something must be put right first; calling again unchanged will not help. */
export class PreconditionError extends ArchibaldError {
  static defaultStatus = "FAILED_PRECONDITION";
}

/** The operation key belongs to a different request; the differing fields are named. */
export class KeyReusedError extends PreconditionError {
  static defaultReason = "IDEMPOTENCY_KEY_REUSED";
  static advice =
    "Nothing new was done. Send the first request again, or name the new effect with its own key.";
}

/** Another unfinished operation, under another key, works on the same business object. */
export class TargetBusyError extends PreconditionError {
  static defaultReason = "TARGET_BUSY";
  static advice = "Nothing was done. Wait until the other key's operation has ended.";
}

/** The same business object was already done under another key. */
export class TargetAlreadyDoneError extends PreconditionError {
  static defaultReason = "TARGET_ALREADY_DONE";
  static advice = "Nothing was done. Ask with the key named here for the result.";
}

/** The ERP refused the data; repeating the same request will not help. */
export class ErpRejectedError extends PreconditionError {
  static defaultReason = "ERP_REJECTED";
  static advice = "Tell the agent, mend the request, and call again with the same key.";

  /** The draft left behind in the ERP, if one is. */
  get draftId() {
    return this.metadata.draft_id;
  }

  /** What the caller should do now; a draft left behind must be looked at first. */
  get nextStep() {
    if (this.draftId === undefined) return super.nextStep;
    return (
      `Tell the agent. Draft ${this.draftId} is left in the ERP and the key is held ` +
      "until a person has looked at it."
    );
  }
}

/** Several customers fit and the request names no id to choose by. */
export class CustomerAmbiguousError extends PreconditionError {
  static defaultReason = "CUSTOMER_AMBIGUOUS";
  static advice = "Nothing was done. Name the customer's id and call again with the same key.";
}

/** The ERP did not accept the agent's login, or none is stored. */
export class ErpLoginRejectedError extends PreconditionError {
  static defaultReason = "ERP_LOGIN_REJECTED";
  static advice =
    "Nothing was done. Have the agent's ERP login put right, then call again with the same key.";
}

/** `start_by` passed before anything was written; nothing happened in the ERP. */
export class ExpiredError extends PreconditionError {
  static defaultReason = "EXPIRED";
  static advice = "Nothing was done. If it is still wanted, call again with the same key.";
}

/** A write may have reached the ERP and nobody knows yet; a person looks at it. */
export class OutcomeUnknownError extends PreconditionError {
  static defaultReason = "OUTCOME_UNKNOWN";
  static advice =
    "Do NOT use a new key: it could do it twice. Wait for the person, then ask with this key.";
}

/** A person looked at it and gave it up; the key is at its end. */
export class OutcomeAbandonedError extends PreconditionError {
  static defaultReason = "OUTCOME_ABANDONED";
  static advice =
    "This key is at its end. Ask the person who decided before it is done under another one.";
}

/** The ERP has done it; only the service's own tables are still to follow. */
export class LocalCommitPendingError extends PreconditionError {
  static defaultReason = "LOCAL_COMMIT_PENDING";
  static advice = "The ERP has done it. Call again with the same key for the full result.";

  /** The id of what now exists in the ERP. */
  get erpId() {
    return this.metadata.erp_id;
  }
}

/** The ERP's site does not look as the service knows it; nothing was written. */
export class UiDriftError extends PreconditionError {
  static defaultReason = "UI_DRIFT";
  static advice =
    "Nothing was written. An operator must look at the site before it is tried again.";
}

/** Somebody cancelled the operation before anything was written. */
export class CancelledError extends ArchibaldError {
  static defaultReason = "CANCELLED";
  static defaultStatus = "ABORTED";
  static advice = "Nothing was done. If it is still wanted, call again with the same key.";
}

/** Another operation of this agent holds the agent's turn; nothing was done. */
export class UserBusyError extends ArchibaldError {
  static defaultReason = "USER_BUSY";
  static defaultStatus = "ABORTED";
  static advice =
    "Nothing was done. Call again with the same key when the agent's other one has ended.";
}

/** Another server has taken the operation over; nothing was done by this call. */
export class FencedError extends ArchibaldError {
  static defaultReason = "FENCED";
  static defaultStatus = "ABORTED";
  static advice = "Call again with the same key to join the operation where it runs now.";
}

/** No browser came free in time; nothing was done. */
export class PoolExhaustedError extends ArchibaldError {
  static defaultReason = "POOL_EXHAUSTED";
  static defaultStatus = "RESOURCE_EXHAUSTED";
  static advice = "Nothing was done. Call again later with the same key.";
}

/** The service cannot work now. The client has already tried again, as long as its patience lasted. */
export class UnavailableError extends ArchibaldError {
  static defaultReason = "UNAVAILABLE";
  static defaultStatus = "UNAVAILABLE";
  static advice = "Call again later with the same key.";
}

/** The server is shutting down and takes no new work. */
export class DrainingError extends UnavailableError {
  static defaultReason = "DRAINING";
}

/** The service cannot reach its database; what was written in the ERP, if anything, is known to it. */
export class DatabaseDownError extends UnavailableError {
  static defaultReason = "DB_DOWN";
}

/** The ERP could not be reached or did not answer as it should; nothing was written. */
export class ErpUnavailableError extends UnavailableError {
  static defaultReason = "ERP_DOWN";
}

/**
 * No server answered, or the connection broke and none came back in time.
 *
 * A request that arrived before the connection broke goes on without us.
 */
export class ServerUnreachableError extends UnavailableError {
  static defaultReason = "SERVER_UNREACHABLE";
  static advice =
    "If the request had arrived, the operation goes on. Call again with the same key: that joins it, " +
    "or starts it if it never arrived.";
}

/** A fault of the service's own. */
export class InternalError extends ArchibaldError {
  static defaultReason = "INTERNAL";
  static defaultStatus = "INTERNAL";
  static advice = "Call again with the same key, and report it.";
}

/** The timeout passed before the operation ended; the operation goes on. */
export class StoppedListeningError extends ArchibaldError {
  static defaultReason = "DEADLINE_EXCEEDED";
  static defaultStatus = "DEADLINE_EXCEEDED";
  static advice =
    "The operation goes on. Call again with the same key to join it or to hear its end.";
}

/** The peer answered in a way that the contract does not know: is it the right server? */
export class BrokenContractError extends ArchibaldError {
  static defaultReason = "BROKEN_CONTRACT";
  static advice = "Check the server's address and version, then call again with the same key.";
}
