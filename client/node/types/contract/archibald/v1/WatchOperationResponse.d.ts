import type { Progress as _archibald_v1_Progress, Progress__Output as _archibald_v1_Progress__Output } from '../../archibald/v1/Progress.js';
import type { Operation as _archibald_v1_Operation, Operation__Output as _archibald_v1_Operation__Output } from '../../archibald/v1/Operation.js';
/**
 * One event of a watched operation.
 */
export interface WatchOperationResponse {
    /**
     * Where it is.
     */
    'progress'?: (_archibald_v1_Progress | null);
    /**
     * It has ended, or it is under review.
     */
    'operation'?: (_archibald_v1_Operation | null);
    /**
     * Progress, and at the end the operation.
     */
    'event'?: "progress" | "operation";
}
/**
 * One event of a watched operation.
 */
export interface WatchOperationResponse__Output {
    /**
     * Where it is.
     */
    'progress'?: (_archibald_v1_Progress__Output | null);
    /**
     * It has ended, or it is under review.
     */
    'operation'?: (_archibald_v1_Operation__Output | null);
    /**
     * Progress, and at the end the operation.
     */
    'event'?: "progress" | "operation";
}
