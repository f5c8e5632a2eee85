/** Turns the status that ends a gRPC call into an error of this package. */

import { status as codes } from "@grpc/grpc-js";

import { message, PACKAGE } from "./contract.js";
import * as deskErrors from "./desk_errors.js";
import * as errors from "./errors.js";

/** @import { ServiceError } from "@grpc/grpc-js" */

const { ArchibaldError, PreconditionError, ServerUnreachableError, StoppedListeningError } = errors;

/** @type {ReadonlyMap<string, typeof ArchibaldError>} */
export const BY_REASON = new Map(
  [
    errors.InvalidRequestError,
    errors.NotBuiltError,
    errors.UnauthenticatedError,
    errors.PermissionDeniedError,
    errors.KeyReusedError,
    errors.TargetBusyError,
    errors.TargetAlreadyDoneError,
    errors.ErpRejectedError,
    errors.CustomerAmbiguousError,
    errors.ErpLoginRejectedError,
    errors.ExpiredError,
    errors.OutcomeUnknownError,
    errors.OutcomeAbandonedError,
    errors.LocalCommitPendingError,
    errors.UiDriftError,
    errors.CancelledError,
    errors.UserBusyError,
    errors.FencedError,
    errors.PoolExhaustedError,
    errors.DrainingError,
    errors.DatabaseDownError,
    errors.ErpUnavailableError,
    errors.InternalError,
    deskErrors.OperationNotFoundError,
    deskErrors.TooLateError,
    deskErrors.NotUnderReviewError,
  ].map((kind) => [kind.defaultReason, kind]),
);

/**
 * For reasons that a newer server invents.
 *
 * @type {ReadonlyMap<string, typeof ArchibaldError>}
 */
const BY_STATUS = new Map([
  ["FAILED_PRECONDITION", PreconditionError],
  ["UNAVAILABLE", errors.UnavailableError],
  ["DEADLINE_EXCEEDED", StoppedListeningError],
]);

const DETAILS_KEY = "grpc-status-details-bin";
const INFO = "google.rpc.ErrorInfo";
const FIELDS = "google.rpc.BadRequest";
const RETRY = "google.rpc.RetryInfo";
const LOCALIZED = "google.rpc.LocalizedMessage";
const KNOWN = new Set([INFO, FIELDS, RETRY, LOCALIZED]);

/**
 * The typed error for a call's status; falls back on the status when no detail names a reason.
 *
 * @param {ServiceError} failure
 * @returns {errors.ArchibaldError}
 */
export function errorOf(failure) {
  const status = codes[failure.code] ?? "UNKNOWN";
  const text = failure.details || "no message";
  const details = detailsOf(failure);
  const info = first(details, INFO);
  if (info?.domain !== PACKAGE) {
    // Not a word of our server's: the transport, a proxy or an interceptor speaks.
    if (isLost(failure)) return new ServerUnreachableError(`no answer from the server (${text})`);
    const kind = BY_STATUS.get(status) ?? ArchibaldError;
    return new kind(text, { reason: status, status });
  }
  const kind = BY_REASON.get(info.reason) ?? BY_STATUS.get(status) ?? ArchibaldError;
  const delay = first(details, RETRY)?.retry_delay;
  return new kind(text, {
    reason: info.reason,
    status,
    metadata: info.metadata,
    violations: (first(details, FIELDS)?.field_violations ?? []).map(violationOf),
    retryAfterMs: delay ? delay.seconds * 1000 + delay.nanos / 1_000_000 : undefined,
    messageIt: italian(
      details.filter((each) => each.name === LOCALIZED).map((each) => each.value),
    ),
  });
}

/**
 * Whether the stream ended without a server's status, however the library words that.
 *
 * A connection that ends gracelessly is told as UNAVAILABLE; but a stream that a dying server, or a proxy
 * in front of it, resets is told as CANCELLED, or as INTERNAL with these words. Our server answers
 * neither without an ErrorInfo.
 *
 * @param {ServiceError} failure
 */
function isLost(failure) {
  return (
    failure.code === codes.UNAVAILABLE ||
    failure.code === codes.CANCELLED ||
    (failure.code === codes.INTERNAL && failure.details.startsWith("Received RST_STREAM"))
  );
}

/**
 * The details of a status that this client knows, each with the name of its message.
 *
 * @param {ServiceError} failure
 * @returns {Detail[]}
 *
 * @typedef {{ name: string, value: any }} Detail
 */
function detailsOf(failure) {
  const [packed] = failure.metadata.get(DETAILS_KEY);
  if (!Buffer.isBuffer(packed)) return [];
  try {
    const rich = message("google.rpc.Status").deserialize(packed);
    // Something on the way changed the status: the details do not belong to it any more.
    return rich.code === failure.code ? rich.details.flatMap(unpacked) : [];
  } catch {
    return []; // bytes that are no details; the status itself still stands
  }
}

/**
 * @param {{ type_url: string, value: Buffer }} detail
 * @returns {Detail[]}
 */
function unpacked({ type_url: url, value }) {
  const name = url.slice(url.lastIndexOf("/") + 1);
  return KNOWN.has(name) ? [{ name, value: message(name).deserialize(value) }] : [];
}

/**
 * @param {Detail[]} details
 * @param {string} name
 */
function first(details, name) {
  return details.find((each) => each.name === name)?.value;
}

/**
 * @param {{ field: string, description: string, localized_message?: Localized | null }} violation
 * @returns {errors.Violation}
 *
 * @typedef {{ locale: string, message: string }} Localized
 */
function violationOf({ field, description, localized_message: said }) {
  return { field, description, descriptionIt: italian(said ? [said] : []) };
}

/**
 * @param {Localized[]} said
 * @returns {string} Empty where it was not said in Italian.
 */
function italian(said) {
  return said.find((each) => /^it\b/i.test(each.locale))?.message ?? "";
}
