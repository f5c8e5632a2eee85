import type { Accepted as _archibald_v1_Accepted, Accepted__Output as _archibald_v1_Accepted__Output } from '../../archibald/v1/Accepted.js';
import type { Progress as _archibald_v1_Progress, Progress__Output as _archibald_v1_Progress__Output } from '../../archibald/v1/Progress.js';
import type { DeleteOrderResult as _archibald_v1_DeleteOrderResult, DeleteOrderResult__Output as _archibald_v1_DeleteOrderResult__Output } from '../../archibald/v1/DeleteOrderResult.js';
/**
 * One event of DeleteOrder's stream.
 */
export interface DeleteOrderResponse {
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
    'result'?: (_archibald_v1_DeleteOrderResult | null);
    /**
     * Accepted first, then Progress, the result last.
     */
    'event'?: "accepted" | "progress" | "result";
}
/**
 * One event of DeleteOrder's stream.
 */
export interface DeleteOrderResponse__Output {
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
    'result'?: (_archibald_v1_DeleteOrderResult__Output | null);
    /**
     * Accepted first, then Progress, the result last.
     */
    'event'?: "accepted" | "progress" | "result";
}
