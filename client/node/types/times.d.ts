/** Between JavaScript's dates and the contract's timestamps. */
import type { Timestamp, Timestamp__Output } from "../types/contract/google/protobuf/Timestamp.js";
/** @import { Timestamp, Timestamp__Output } from "../types/contract/google/protobuf/Timestamp.js" */
/**
 * A date as the contract has it, for `start_by` and `accepted_from`.
 *
 * @param {Date} date
 * @returns {Timestamp}
 */
export declare function toTimestamp(date: Date): Timestamp;
/**
 * A timestamp of an answer as a date; null stays null: it has not happened.
 *
 * @template {Timestamp__Output | null | undefined} T
 * @param {T} timestamp
 * @returns {T extends null | undefined ? null : Date}
 */
export declare function toDate<T extends Timestamp__Output | null | undefined>(timestamp: T): T extends null | undefined ? null : Date;
