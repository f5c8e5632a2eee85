import type { OperationState as _archibald_v1_OperationState, OperationState__Output as _archibald_v1_OperationState__Output } from '../../archibald/v1/OperationState.js';
import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
import type { Progress as _archibald_v1_Progress, Progress__Output as _archibald_v1_Progress__Output } from '../../archibald/v1/Progress.js';
import type { OperationError as _archibald_v1_OperationError, OperationError__Output as _archibald_v1_OperationError__Output } from '../../archibald/v1/OperationError.js';
import type { SubmitOrderResult as _archibald_v1_SubmitOrderResult, SubmitOrderResult__Output as _archibald_v1_SubmitOrderResult__Output } from '../../archibald/v1/SubmitOrderResult.js';
import type { SendToVeronaResult as _archibald_v1_SendToVeronaResult, SendToVeronaResult__Output as _archibald_v1_SendToVeronaResult__Output } from '../../archibald/v1/SendToVeronaResult.js';
import type { CreateCustomerResult as _archibald_v1_CreateCustomerResult, CreateCustomerResult__Output as _archibald_v1_CreateCustomerResult__Output } from '../../archibald/v1/CreateCustomerResult.js';
import type { DeleteOrderResult as _archibald_v1_DeleteOrderResult, DeleteOrderResult__Output as _archibald_v1_DeleteOrderResult__Output } from '../../archibald/v1/DeleteOrderResult.js';
import type { Artifact as _archibald_v1_Artifact, Artifact__Output as _archibald_v1_Artifact__Output } from '../../archibald/v1/Artifact.js';
/**
 * One operation as it is now.
 */
export interface Operation {
    /**
     * Its id.
     */
    'operation_id'?: (string);
    /**
     * The agent.
     */
    'user_id'?: (string);
    /**
     * "submit-order" …
     */
    'operation_type'?: (string);
    /**
     * Its key.
     */
    'operation_key'?: (string);
    /**
     * What it has come to.
     */
    'state'?: (_archibald_v1_OperationState);
    /**
     * The business object guarded besides the key: the pending order, the order, the VAT number.
     */
    'target'?: (string);
    /**
     * Rises when a failed key is called again with a corrected request.
     */
    'revision'?: (number);
    /**
     * Attempts so far.
     */
    'attempts'?: (number);
    /**
     * The ERP's id, once known.
     */
    'erp_id'?: (string);
    /**
     * Our draft in the ERP, once it shows.
     */
    'draft_id'?: (string);
    /**
     * When it was accepted …
     */
    'accepted_at'?: (_google_protobuf_Timestamp | null);
    /**
     * … when it first wrote in the ERP …
     */
    'first_write_at'?: (_google_protobuf_Timestamp | null);
    /**
     * … and when it ended.
     */
    'finished_at'?: (_google_protobuf_Timestamp | null);
    /**
     * The newest progress.
     */
    'progress'?: (_archibald_v1_Progress | null);
    /**
     * What ended it, for FAILED, NEEDS_REVIEW and ABANDONED.
     */
    'error'?: (_archibald_v1_OperationError | null);
    /**
     * Of submit-order.
     */
    'submit_order'?: (_archibald_v1_SubmitOrderResult | null);
    /**
     * Of send-to-verona.
     */
    'send_to_verona'?: (_archibald_v1_SendToVeronaResult | null);
    /**
     * Of create-customer.
     */
    'create_customer'?: (_archibald_v1_CreateCustomerResult | null);
    /**
     * Of delete-order.
     */
    'delete_order'?: (_archibald_v1_DeleteOrderResult | null);
    /**
     * Files that failed attempts left, newest attempt first.
     */
    'artifacts'?: (_archibald_v1_Artifact)[];
    /**
     * The ERP answered with two different ids for this key: look at both.
     */
    'duplicate_suspected'?: (boolean);
    /**
     * The result, for SUCCEEDED.
     */
    'result'?: "submit_order" | "send_to_verona" | "create_customer" | "delete_order";
}
/**
 * One operation as it is now.
 */
export interface Operation__Output {
    /**
     * Its id.
     */
    'operation_id': (string);
    /**
     * The agent.
     */
    'user_id': (string);
    /**
     * "submit-order" …
     */
    'operation_type': (string);
    /**
     * Its key.
     */
    'operation_key': (string);
    /**
     * What it has come to.
     */
    'state': (_archibald_v1_OperationState__Output);
    /**
     * The business object guarded besides the key: the pending order, the order, the VAT number.
     */
    'target': (string);
    /**
     * Rises when a failed key is called again with a corrected request.
     */
    'revision': (number);
    /**
     * Attempts so far.
     */
    'attempts': (number);
    /**
     * The ERP's id, once known.
     */
    'erp_id': (string);
    /**
     * Our draft in the ERP, once it shows.
     */
    'draft_id': (string);
    /**
     * When it was accepted …
     */
    'accepted_at': (_google_protobuf_Timestamp__Output | null);
    /**
     * … when it first wrote in the ERP …
     */
    'first_write_at': (_google_protobuf_Timestamp__Output | null);
    /**
     * … and when it ended.
     */
    'finished_at': (_google_protobuf_Timestamp__Output | null);
    /**
     * The newest progress.
     */
    'progress': (_archibald_v1_Progress__Output | null);
    /**
     * What ended it, for FAILED, NEEDS_REVIEW and ABANDONED.
     */
    'error': (_archibald_v1_OperationError__Output | null);
    /**
     * Of submit-order.
     */
    'submit_order'?: (_archibald_v1_SubmitOrderResult__Output | null);
    /**
     * Of send-to-verona.
     */
    'send_to_verona'?: (_archibald_v1_SendToVeronaResult__Output | null);
    /**
     * Of create-customer.
     */
    'create_customer'?: (_archibald_v1_CreateCustomerResult__Output | null);
    /**
     * Of delete-order.
     */
    'delete_order'?: (_archibald_v1_DeleteOrderResult__Output | null);
    /**
     * Files that failed attempts left, newest attempt first.
     */
    'artifacts': (_archibald_v1_Artifact__Output)[];
    /**
     * The ERP answered with two different ids for this key: look at both.
     */
    'duplicate_suspected': (boolean);
    /**
     * The result, for SUCCEEDED.
     */
    'result'?: "submit_order" | "send_to_verona" | "create_customer" | "delete_order";
}
