/**
 * Whose login to forget.
 */
export interface DeleteCredentialsRequest {
    /**
     * The agent. Required.
     */
    'user_id'?: (string);
}
/**
 * Whose login to forget.
 */
export interface DeleteCredentialsRequest__Output {
    /**
     * The agent. Required.
     */
    'user_id': (string);
}
