/** Node client of Archibald Bot: writes in the ERP that can be called again with the same key. */
export { Client } from "./client.js";
export * from "./desk_errors.js";
export * from "./errors.js";
export type Connection = import("./connection.js").Connection;
export type Bounds = import("./listening.js").Bounds;
export type Listening = import("./listening.js").Listening;
/** @typedef {import("./connection.js").Connection} Connection */
/** @typedef {import("./listening.js").Bounds} Bounds */
/** @typedef {import("./listening.js").Listening} Listening */
export * from "./messages.js";
export { toDate, toTimestamp } from "./times.js";
