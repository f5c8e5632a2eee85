/** Decides how long one call waits before it tries again, and when it gives up. */

const FIRST_DELAY_MS = 200; // a restarting server is often back at once
const LONGEST_DELAY_MS = 5_000; // a person in front of a progress bar should not wait longer for nothing
const JITTER = 0.25; // of a delay; callers that lost one server together must not come back together

/**
 * The time that one call has spent without a server, all its outages together.
 *
 * The patience is not refilled when a server answers: one that takes the call and loses it again and again
 * is as good as none, and the call must end.
 */
export class Outage {
  /** @type {number} */
  #leftMs;
  /** @type {() => number} */
  #clock;
  /** @type {number | undefined} */
  #since;
  #failures = 0;

  /**
   * @param {number} patienceMs
   * @param {() => number} [clock] Milliseconds that never go back.
   */
  constructor(patienceMs, clock = () => performance.now()) {
    this.#leftMs = patienceMs;
    this.#clock = clock;
  }

  /** A server has answered. */
  over() {
    this.#charge();
    this.#since = undefined;
    this.#failures = 0;
  }

  /**
   * Milliseconds to wait before the next try; undefined when they exceed what is left of the patience.
   *
   * @param {number | undefined} retryAfterMs The server's wish: never come back sooner.
   * @returns {number | undefined}
   */
  delay(retryAfterMs) {
    this.#charge();
    this.#since = this.#clock();
    const wish = retryAfterMs ?? Math.min(FIRST_DELAY_MS * 2 ** this.#failures, LONGEST_DELAY_MS);
    this.#failures += 1;
    return wish <= this.#leftMs ? wish * (1 + Math.random() * JITTER) : undefined;
  }

  #charge() {
    if (this.#since !== undefined) this.#leftMs -= this.#clock() - this.#since;
  }
}
