import type { OperationName as _archibald_v1_OperationName, OperationName__Output as _archibald_v1_OperationName__Output } from '../../archibald/v1/OperationName.js';
/**
 * Which operation to look at.
 */
export interface GetOperationRequest {
    /**
     * Required.
     */
    'name'?: (_archibald_v1_OperationName | null);
}
/**
 * Which operation to look at.
 */
export interface GetOperationRequest__Output {
    /**
     * Required.
     */
    'name': (_archibald_v1_OperationName__Output | null);
}
