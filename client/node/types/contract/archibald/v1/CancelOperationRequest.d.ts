import type { OperationName as _archibald_v1_OperationName, OperationName__Output as _archibald_v1_OperationName__Output } from '../../archibald/v1/OperationName.js';
/**
 * Which operation to stop.
 */
export interface CancelOperationRequest {
    /**
     * Required.
     */
    'name'?: (_archibald_v1_OperationName | null);
}
/**
 * Which operation to stop.
 */
export interface CancelOperationRequest__Output {
    /**
     * Required.
     */
    'name': (_archibald_v1_OperationName__Output | null);
}
