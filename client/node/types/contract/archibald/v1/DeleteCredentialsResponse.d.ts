/**
 * The login is forgotten.
 */
export interface DeleteCredentialsResponse {
    /**
     * Whether there was one.
     */
    'existed'?: (boolean);
}
/**
 * The login is forgotten.
 */
export interface DeleteCredentialsResponse__Output {
    /**
     * Whether there was one.
     */
    'existed': (boolean);
}
