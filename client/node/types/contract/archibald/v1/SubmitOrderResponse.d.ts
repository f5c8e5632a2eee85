import type { Accepted as _archibald_v1_Accepted, Accepted__Output as _archibald_v1_Accepted__Output } from '../../archibald/v1/Accepted.js';
import type { Progress as _archibald_v1_Progress, Progress__Output as _archibald_v1_Progress__Output } from '../../archibald/v1/Progress.js';
import type { SubmitOrderResult as _archibald_v1_SubmitOrderResult, SubmitOrderResult__Output as _archibald_v1_SubmitOrderResult__Output } from '../../archibald/v1/SubmitOrderResult.js';
/**
 * One event of SubmitOrder's stream.
 */
export interface SubmitOrderResponse {
    /**
     * The operation is recorded.
     */
    'accepted'?: (_archibald_v1_Accepted | null);
    /**
     * Where the operation is.
     */
    'progress'?: (_archibald_v1_Progress | null);
    /**
     * The end.
     */
    'result'?: (_archibald_v1_SubmitOrderResult | null);
    /**
     * Accepted first, then Progress, the result last.
     */
    'event'?: "accepted" | "progress" | "result";
}
/**
 * One event of SubmitOrder's stream.
 */
export interface SubmitOrderResponse__Output {
    /**
     * The operation is recorded.
     */
    'accepted'?: (_archibald_v1_Accepted__Output | null);
    /**
     * Where the operation is.
     */
    'progress'?: (_archibald_v1_Progress__Output | null);
    /**
     * The end.
     */
    'result'?: (_archibald_v1_SubmitOrderResult__Output | null);
    /**
     * Accepted first, then Progress, the result last.
     */
    'event'?: "accepted" | "progress" | "result";
}
