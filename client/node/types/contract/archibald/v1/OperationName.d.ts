/**
 * Which operation: its id, or agent, type and key.
 */
export interface OperationName {
    /**
     * `Accepted.operation_id`. When set, the other fields stay empty.
     */
    'operation_id'?: (string);
    /**
     * The agent.
     */
    'user_id'?: (string);
    /**
     * "submit-order", "send-to-verona", "create-customer" or "delete-order".
     */
    'operation_type'?: (string);
    /**
     * The key under which it was recorded.
     */
    'operation_key'?: (string);
}
/**
 * Which operation: its id, or agent, type and key.
 */
export interface OperationName__Output {
    /**
     * `Accepted.operation_id`. When set, the other fields stay empty.
     */
    'operation_id': (string);
    /**
     * The agent.
     */
    'user_id': (string);
    /**
     * "submit-order", "send-to-verona", "create-customer" or "delete-order".
     */
    'operation_type': (string);
    /**
     * The key under which it was recorded.
     */
    'operation_key': (string);
}
