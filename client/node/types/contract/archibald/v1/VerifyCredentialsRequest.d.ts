/**
 * Whose login to try.
 */
export interface VerifyCredentialsRequest {
    /**
     * The agent. Required.
     */
    'user_id'?: (string);
}
/**
 * Whose login to try.
 */
export interface VerifyCredentialsRequest__Output {
    /**
     * The agent. Required.
     */
    'user_id': (string);
}
