import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Wait as _archibald_v1_Wait, Wait__Output as _archibald_v1_Wait__Output } from '../../archibald/v1/Wait.js';
/**
 * A draft order to delete.
 */
export interface DeleteOrderRequest {
    /**
     * As in SubmitOrderRequest. Required.
     */
    'user_id'?: (string);
    /**
     * The caller's key. Empty: `order_id`.
     */
    'operation_key'?: (string);
    /**
     * As in SubmitOrderRequest.
     */
    'start_by'?: (_google_protobuf_Timestamp | null);
    /**
     * How long to listen.
     */
    'wait'?: (_archibald_v1_Wait);
    /**
     * The order's id in the ERP, "71723" or "71.723". Required.
     */
    'order_id'?: (string);
}
/**
 * A draft order to delete.
 */
export interface DeleteOrderRequest__Output {
    /**
     * As in SubmitOrderRequest. Required.
     */
    'user_id': (string);
    /**
     * The caller's key. Empty: `order_id`.
     */
    'operation_key': (string);
    /**
     * As in SubmitOrderRequest.
     */
    'start_by': (_google_protobuf_Timestamp__Output | null);
    /**
     * How long to listen.
     */
    'wait': (_archibald_v1_Wait__Output);
    /**
     * The order's id in the ERP, "71723" or "71.723". Required.
     */
    'order_id': (string);
}
