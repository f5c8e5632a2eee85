/**
 * How long the caller wants to listen.
 */
export declare const Wait: {
    /**
     * As WAIT_RESULT.
     */
    readonly WAIT_UNSPECIFIED: 'WAIT_UNSPECIFIED';
    /**
     * The stream goes on until the result.
     */
    readonly WAIT_RESULT: 'WAIT_RESULT';
    /**
     * The stream ends after Accepted: submit and return. Ask again with the same key for the result.
     */
    readonly WAIT_NONE: 'WAIT_NONE';
};
/**
 * How long the caller wants to listen.
 */
export type Wait = 
/**
 * As WAIT_RESULT.
 */
'WAIT_UNSPECIFIED' | 0
/**
 * The stream goes on until the result.
 */
 | 'WAIT_RESULT' | 1
/**
 * The stream ends after Accepted: submit and return. Ask again with the same key for the result.
 */
 | 'WAIT_NONE' | 2;
/**
 * How long the caller wants to listen.
 */
export type Wait__Output = typeof Wait[keyof typeof Wait];
