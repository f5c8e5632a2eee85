import type { OperationName as _archibald_v1_OperationName, OperationName__Output as _archibald_v1_OperationName__Output } from '../../archibald/v1/OperationName.js';
import type { Long } from '@grpc/proto-loader';
/**
 * Which operation to watch, and from where.
 */
export interface WatchOperationRequest {
    /**
     * Required.
     */
    'name'?: (_archibald_v1_OperationName | null);
    /**
     * The first event wanted, from 1; 0 means only what is new.
     */
    'from_sequence'?: (number | string | Long);
}
/**
 * Which operation to watch, and from where.
 */
export interface WatchOperationRequest__Output {
    /**
     * Required.
     */
    'name': (_archibald_v1_OperationName__Output | null);
    /**
     * The first event wanted, from 1; 0 means only what is new.
     */
    'from_sequence': (number);
}
