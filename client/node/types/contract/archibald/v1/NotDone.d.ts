/**
 * It is not in the ERP.
 */
export interface NotDone {
}
/**
 * It is not in the ERP.
 */
export interface NotDone__Output {
}
