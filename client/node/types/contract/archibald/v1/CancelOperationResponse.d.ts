import type { Operation as _archibald_v1_Operation, Operation__Output as _archibald_v1_Operation__Output } from '../../archibald/v1/Operation.js';
/**
 * The operation after the cancel.
 */
export interface CancelOperationResponse {
    /**
     * CANCELLED, or still RUNNING with the cancel noted.
     */
    'operation'?: (_archibald_v1_Operation | null);
}
/**
 * The operation after the cancel.
 */
export interface CancelOperationResponse__Output {
    /**
     * CANCELLED, or still RUNNING with the cancel noted.
     */
    'operation': (_archibald_v1_Operation__Output | null);
}
