import type { OperationState as _archibald_v1_OperationState, OperationState__Output as _archibald_v1_OperationState__Output } from '../../archibald/v1/OperationState.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
/**
 * Which operations to list. Empty filters match all.
 */
export interface ListOperationsRequest {
    /**
     * Of these agents.
     */
    'user_ids'?: (string)[];
    /**
     * Of these types.
     */
    'operation_types'?: (string)[];
    /**
     * In these states: NEEDS_REVIEW alone is an operator's morning list.
     */
    'states'?: (_archibald_v1_OperationState)[];
    /**
     * Accepted at or after.
     */
    'accepted_from'?: (_google_protobuf_Timestamp | null);
    /**
     * Accepted before.
     */
    'accepted_before'?: (_google_protobuf_Timestamp | null);
    /**
     * At most 200; 0 means 50.
     */
    'page_size'?: (number);
    /**
     * `next_page_token` of the page before; the filters must be the same.
     */
    'page_token'?: (string);
}
/**
 * Which operations to list. Empty filters match all.
 */
export interface ListOperationsRequest__Output {
    /**
     * Of these agents.
     */
    'user_ids': (string)[];
    /**
     * Of these types.
     */
    'operation_types': (string)[];
    /**
     * In these states: NEEDS_REVIEW alone is an operator's morning list.
     */
    'states': (_archibald_v1_OperationState__Output)[];
    /**
     * Accepted at or after.
     */
    'accepted_from': (_google_protobuf_Timestamp__Output | null);
    /**
     * Accepted before.
     */
    'accepted_before': (_google_protobuf_Timestamp__Output | null);
    /**
     * At most 200; 0 means 50.
     */
    'page_size': (number);
    /**
     * `next_page_token` of the page before; the filters must be the same.
     */
    'page_token': (string);
}
