/** Decides how long one call waits before it tries again, and when it gives up. */
/**
 * The time that one call has spent without a server, all its outages together.
 *
 * The patience is not refilled when a server answers: one that takes the call and loses it again and again
 * is as good as none, and the call must end.
 */
export declare class Outage {
    #private;
    /**
     * @param {number} patienceMs
     * @param {() => number} [clock] Milliseconds that never go back.
     */
    constructor(patienceMs: number, clock?: () => number);
    /** A server has answered. */
    over(): void;
    /**
     * Milliseconds to wait before the next try; undefined when they exceed what is left of the patience.
     *
     * @param {number | undefined} retryAfterMs The server's wish: never come back sooner.
     * @returns {number | undefined}
     */
    delay(retryAfterMs: number | undefined): number | undefined;
}
