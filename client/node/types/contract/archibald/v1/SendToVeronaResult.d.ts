import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
/**
 * The order as the ERP shows it after the send.
 */
export interface SendToVeronaResult {
    /**
     * The order's id in the ERP, digits.
     */
    'order_id'?: (string);
    /**
     * The key of our row in agents.order_records.
     */
    'order_record_id'?: (string);
    /**
     * It had been sent before this operation touched it.
     */
    'already_sent'?: (boolean);
    /**
     * The transfer status that the ERP shows, in its own words.
     */
    'transfer_status'?: (string);
    /**
     * The sales number ("ORD/26005662"), once Verona has given one.
     */
    'sales_id'?: (string);
    /**
     * When the ERP was seen to have it.
     */
    'seen_at'?: (_google_protobuf_Timestamp | null);
    /**
     * Things worth knowing that did not stop it.
     */
    'warnings'?: (string)[];
}
/**
 * The order as the ERP shows it after the send.
 */
export interface SendToVeronaResult__Output {
    /**
     * The order's id in the ERP, digits.
     */
    'order_id': (string);
    /**
     * The key of our row in agents.order_records.
     */
    'order_record_id': (string);
    /**
     * It had been sent before this operation touched it.
     */
    'already_sent': (boolean);
    /**
     * The transfer status that the ERP shows, in its own words.
     */
    'transfer_status': (string);
    /**
     * The sales number ("ORD/26005662"), once Verona has given one.
     */
    'sales_id': (string);
    /**
     * When the ERP was seen to have it.
     */
    'seen_at': (_google_protobuf_Timestamp__Output | null);
    /**
     * Things worth knowing that did not stop it.
     */
    'warnings': (string)[];
}
