/**
 * An error as it was told to the caller.
 */
export interface OperationError {
    /**
     * Stable reason: "ERP_REJECTED".
     */
    'reason'?: (string);
    /**
     * For people, in English.
     */
    'message'?: (string);
    /**
     * For the agent, in Italian.
     */
    'message_it'?: (string);
    /**
     * Facts beside the reason.
     */
    'metadata'?: ({
        [key: string]: string;
    });
}
/**
 * An error as it was told to the caller.
 */
export interface OperationError__Output {
    /**
     * Stable reason: "ERP_REJECTED".
     */
    'reason': (string);
    /**
     * For people, in English.
     */
    'message': (string);
    /**
     * For the agent, in Italian.
     */
    'message_it': (string);
    /**
     * Facts beside the reason.
     */
    'metadata': ({
        [key: string]: string;
    });
}
