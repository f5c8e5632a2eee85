import type { Operation as _archibald_v1_Operation, Operation__Output as _archibald_v1_Operation__Output } from '../../archibald/v1/Operation.js';
/**
 * The operation.
 */
export interface GetOperationResponse {
    /**
     * As it is now.
     */
    'operation'?: (_archibald_v1_Operation | null);
}
/**
 * The operation.
 */
export interface GetOperationResponse__Output {
    /**
     * As it is now.
     */
    'operation': (_archibald_v1_Operation__Output | null);
}
