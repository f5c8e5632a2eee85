/**
 * What an operation has come to.
 */
export declare const OperationState: {
    /**
     * Never sent.
     */
    readonly OPERATION_STATE_UNSPECIFIED: 'OPERATION_STATE_UNSPECIFIED';
    /**
     * Recorded; the ERP has not been touched.
     */
    readonly OPERATION_STATE_QUEUED: 'OPERATION_STATE_QUEUED';
    /**
     * A browser works on it; nothing irreversible has been sent.
     */
    readonly OPERATION_STATE_RUNNING: 'OPERATION_STATE_RUNNING';
    /**
     * Something irreversible may have been sent.
     */
    readonly OPERATION_STATE_WRITING: 'OPERATION_STATE_WRITING';
    /**
     * It was interrupted past that point; the ERP is being read back.
     */
    readonly OPERATION_STATE_VERIFYING: 'OPERATION_STATE_VERIFYING';
    /**
     * The ERP refused it; the draft that it left is being deleted.
     */
    readonly OPERATION_STATE_UNDOING: 'OPERATION_STATE_UNDOING';
    /**
     * The ERP has done it and its answer is saved; our own tables are still to be written.
     */
    readonly OPERATION_STATE_CONFIRMED: 'OPERATION_STATE_CONFIRMED';
    /**
     * Done; the result is stored.
     */
    readonly OPERATION_STATE_SUCCEEDED: 'OPERATION_STATE_SUCCEEDED';
    /**
     * Ended without an effect; the same key may run again.
     */
    readonly OPERATION_STATE_FAILED: 'OPERATION_STATE_FAILED';
    /**
     * Stopped before its first write; the same key may run again.
     */
    readonly OPERATION_STATE_CANCELLED: 'OPERATION_STATE_CANCELLED';
    /**
     * Evidence did not settle what the ERP did: a person looks at it. See ResolveOperation.
     */
    readonly OPERATION_STATE_NEEDS_REVIEW: 'OPERATION_STATE_NEEDS_REVIEW';
    /**
     * A person gave it up. The key is at its end.
     */
    readonly OPERATION_STATE_ABANDONED: 'OPERATION_STATE_ABANDONED';
};
/**
 * What an operation has come to.
 */
export type OperationState = 
/**
 * Never sent.
 */
'OPERATION_STATE_UNSPECIFIED' | 0
/**
 * Recorded; the ERP has not been touched.
 */
 | 'OPERATION_STATE_QUEUED' | 1
/**
 * A browser works on it; nothing irreversible has been sent.
 */
 | 'OPERATION_STATE_RUNNING' | 2
/**
 * Something irreversible may have been sent.
 */
 | 'OPERATION_STATE_WRITING' | 3
/**
 * It was interrupted past that point; the ERP is being read back.
 */
 | 'OPERATION_STATE_VERIFYING' | 4
/**
 * The ERP refused it; the draft that it left is being deleted.
 */
 | 'OPERATION_STATE_UNDOING' | 5
/**
 * The ERP has done it and its answer is saved; our own tables are still to be written.
 */
 | 'OPERATION_STATE_CONFIRMED' | 6
/**
 * Done; the result is stored.
 */
 | 'OPERATION_STATE_SUCCEEDED' | 7
/**
 * Ended without an effect; the same key may run again.
 */
 | 'OPERATION_STATE_FAILED' | 8
/**
 * Stopped before its first write; the same key may run again.
 */
 | 'OPERATION_STATE_CANCELLED' | 9
/**
 * Evidence did not settle what the ERP did: a person looks at it. See ResolveOperation.
 */
 | 'OPERATION_STATE_NEEDS_REVIEW' | 10
/**
 * A person gave it up. The key is at its end.
 */
 | 'OPERATION_STATE_ABANDONED' | 11;
/**
 * What an operation has come to.
 */
export type OperationState__Output = typeof OperationState[keyof typeof OperationState];
