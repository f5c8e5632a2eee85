/**
 * Nobody will pursue it.
 */
export interface GiveUp {
}
/**
 * Nobody will pursue it.
 */
export interface GiveUp__Output {
}
