/** Between JavaScript's dates and the contract's timestamps. */

/** @import { Timestamp, Timestamp__Output } from "../types/contract/google/protobuf/Timestamp.js" */

/**
 * A date as the contract has it, for `start_by` and `accepted_from`.
 *
 * @param {Date} date
 * @returns {Timestamp}
 */
export function toTimestamp(date) {
  const milliseconds = date.getTime();
  if (Number.isNaN(milliseconds)) throw new RangeError("not a date");
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: (milliseconds - seconds * 1000) * 1_000_000 };
}

/**
 * A timestamp of an answer as a date; null stays null: it has not happened.
 *
 * @template {Timestamp__Output | null | undefined} T
 * @param {T} timestamp
 * @returns {T extends null | undefined ? null : Date}
 */
export function toDate(timestamp) {
  const date = timestamp ? new Date(timestamp.seconds * 1000 + timestamp.nanos / 1_000_000) : null;
  return /** @type {T extends null | undefined ? null : Date} */ (date);
}
