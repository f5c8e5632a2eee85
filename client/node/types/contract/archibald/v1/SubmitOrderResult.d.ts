import type { OrderVerification as _archibald_v1_OrderVerification, OrderVerification__Output as _archibald_v1_OrderVerification__Output } from '../../archibald/v1/OrderVerification.js';
/**
 * The order as the ERP holds it.
 */
export interface SubmitOrderResult {
    /**
     * The order's id in the ERP, digits: "71723".
     */
    'order_id'?: (string);
    /**
     * The key of our row in agents.order_records: "71.723".
     */
    'order_record_id'?: (string);
    /**
     * The marker that DESCRIZIONE begins with.
     */
    'marker'?: (string);
    /**
     * What was asked, beside what the ERP shows after the save.
     */
    'verification'?: (_archibald_v1_OrderVerification | null);
    /**
     * Things worth knowing that did not stop the order ("no row in pending_orders to delete").
     */
    'warnings'?: (string)[];
}
/**
 * The order as the ERP holds it.
 */
export interface SubmitOrderResult__Output {
    /**
     * The order's id in the ERP, digits: "71723".
     */
    'order_id': (string);
    /**
     * The key of our row in agents.order_records: "71.723".
     */
    'order_record_id': (string);
    /**
     * The marker that DESCRIZIONE begins with.
     */
    'marker': (string);
    /**
     * What was asked, beside what the ERP shows after the save.
     */
    'verification': (_archibald_v1_OrderVerification__Output | null);
    /**
     * Things worth knowing that did not stop the order ("no row in pending_orders to delete").
     */
    'warnings': (string)[];
}
