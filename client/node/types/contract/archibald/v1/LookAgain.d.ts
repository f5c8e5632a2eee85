/**
 * Read the ERP back again.
 */
export interface LookAgain {
}
/**
 * Read the ERP back again.
 */
export interface LookAgain__Output {
}
