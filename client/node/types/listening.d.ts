/** How a caller listens to an operation, and what is news to it. */
import type { Accepted, Progress } from "./messages.js";
export type Bounds = {
    /**
     * Then the call ends with a `StoppedListeningError`; the operation goes on.
     * Half an hour, if nothing is said: longer than any operation that need not wait for others of its agent.
     */
    timeoutMs?: number;
    /**
     * Ends the call with the signal's reason; the operation goes on.
     */
    signal?: AbortSignal;
};
export type Listeners = {
    /**
     * Hears once that the operation is recorded: its
     * id, and whether the result that follows was stored by an earlier call (`replayed`).
     */
    onAccepted?: (accepted: Accepted) => unknown;
    /**
     * Hears no step twice and no percentage that
     * falls, also across a broken connection.
     */
    onProgress?: (progress: Progress) => unknown;
};
export type Listening = Bounds & Listeners;
/** @import { Accepted, Progress } from "./messages.js" */
/**
 * How long a caller listens.
 *
 * @typedef {object} Bounds
 * @property {number} [timeoutMs] Then the call ends with a `StoppedListeningError`; the operation goes on.
 *   Half an hour, if nothing is said: longer than any operation that need not wait for others of its agent.
 * @property {AbortSignal} [signal] Ends the call with the signal's reason; the operation goes on.
 */
/**
 * Who hears what happens meanwhile. What a listener returns is not used, but awaited if it can be.
 *
 * @typedef {object} Listeners
 * @property {(accepted: Accepted) => unknown} [onAccepted] Hears once that the operation is recorded: its
 *   id, and whether the result that follows was stored by an earlier call (`replayed`).
 * @property {(progress: Progress) => unknown} [onProgress] Hears no step twice and no percentage that
 *   falls, also across a broken connection.
 */
/** @typedef {Bounds & Listeners} Listening */
/** What has been heard of an operation's progress. */
export declare class News {
    #private;
    /**
     * What a caller is told of an event; undefined when it is no news.
     *
     * A re-attached stream may begin again with what was heard. A server that was restarted goes on from what
     * had been stored, which is a little less than what was told: its percentages are lower for a while.
     *
     * @param {Progress} event
     * @returns {Progress | undefined}
     */
    hear(event: Progress): Progress | undefined;
    /** The sequence of the event that comes next; undefined before the first. */
    get next(): number | undefined;
}
