/**
 * It is in the ERP.
 */
export interface Landed {
    /**
     * Its id there, digits or dotted.
     */
    'erp_id'?: (string);
}
/**
 * It is in the ERP.
 */
export interface Landed__Output {
    /**
     * Its id there, digits or dotted.
     */
    'erp_id': (string);
}
