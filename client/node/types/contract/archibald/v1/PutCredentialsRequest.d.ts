/**
 * The login to store.
 */
export interface PutCredentialsRequest {
    /**
     * The agent. Required.
     */
    'user_id'?: (string);
    /**
     * Name in the ERP ("ikiA0001"). Required.
     */
    'username'?: (string);
    /**
     * Password in the ERP. Required. Kept encrypted; in no log, error or answer.
     */
    'password'?: (string);
}
/**
 * The login to store.
 */
export interface PutCredentialsRequest__Output {
    /**
     * The agent. Required.
     */
    'user_id': (string);
    /**
     * Name in the ERP ("ikiA0001"). Required.
     */
    'username': (string);
    /**
     * Password in the ERP. Required. Kept encrypted; in no log, error or answer.
     */
    'password': (string);
}
