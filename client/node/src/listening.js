/** How a caller listens to an operation, and what is news to it. */

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
export class News {
  /** @type {Progress | undefined} */
  #latest;

  /**
   * Whether this is news; then it counts as heard from now on.
   *
   * A re-attached stream may begin again with what was heard, and a server that was restarted may count
   * anew while it does again what had not been written.
   *
   * @param {Progress} event
   */
  hear(event) {
    const latest = this.#latest;
    if (latest && event.sequence <= latest.sequence && event.percent <= latest.percent) return false;
    this.#latest = event;
    return true;
  }

  /** The sequence of the event that comes next; undefined before the first. */
  get next() {
    return this.#latest && this.#latest.sequence + 1;
  }
}
