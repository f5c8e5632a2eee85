/** Node client of Archibald Bot: writes in the ERP that can be called again with the same key. */

export { Client } from "./client.js";
export * from "./desk_errors.js";
export * from "./errors.js";
/** @typedef {import("./connection.js").Connection} Connection */
/** @typedef {import("./listening.js").Bounds} Bounds */
/** @typedef {import("./listening.js").Listening} Listening */
export * from "./messages.js";
export { toDate, toTimestamp } from "./times.js";
