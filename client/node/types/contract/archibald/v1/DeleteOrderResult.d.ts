/**
 * The order is gone.
 */
export interface DeleteOrderResult {
    /**
     * The order's id in the ERP, digits.
     */
    'order_id'?: (string);
    /**
     * The key of our row that was deleted.
     */
    'order_record_id'?: (string);
    /**
     * It had gone before this operation touched it.
     */
    'already_gone'?: (boolean);
    /**
     * Things worth knowing that did not stop it.
     */
    'warnings'?: (string)[];
}
/**
 * The order is gone.
 */
export interface DeleteOrderResult__Output {
    /**
     * The order's id in the ERP, digits.
     */
    'order_id': (string);
    /**
     * The key of our row that was deleted.
     */
    'order_record_id': (string);
    /**
     * It had gone before this operation touched it.
     */
    'already_gone': (boolean);
    /**
     * Things worth knowing that did not stop it.
     */
    'warnings': (string)[];
}
