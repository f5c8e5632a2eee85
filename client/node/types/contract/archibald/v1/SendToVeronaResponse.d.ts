import type { Accepted as _archibald_v1_Accepted, Accepted__Output as _archibald_v1_Accepted__Output } from '../../archibald/v1/Accepted.js';
import type { Progress as _archibald_v1_Progress, Progress__Output as _archibald_v1_Progress__Output } from '../../archibald/v1/Progress.js';
import type { SendToVeronaResult as _archibald_v1_SendToVeronaResult, SendToVeronaResult__Output as _archibald_v1_SendToVeronaResult__Output } from '../../archibald/v1/SendToVeronaResult.js';
/**
 * One event of SendToVerona's stream.
 */
export interface SendToVeronaResponse {
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
    'result'?: (_archibald_v1_SendToVeronaResult | null);
    /**
     * Accepted first, then Progress, the result last.
     */
    'event'?: "accepted" | "progress" | "result";
}
/**
 * One event of SendToVerona's stream.
 */
export interface SendToVeronaResponse__Output {
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
    'result'?: (_archibald_v1_SendToVeronaResult__Output | null);
    /**
     * Accepted first, then Progress, the result last.
     */
    'event'?: "accepted" | "progress" | "result";
}
