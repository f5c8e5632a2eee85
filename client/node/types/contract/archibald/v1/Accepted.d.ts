import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
/**
 * The operation is recorded durably; from here on it no longer needs the caller.
 */
export interface Accepted {
    /**
     * The operation's own id, for operators and logs.
     */
    'operation_id'?: (string);
    /**
     * The key under which it is recorded (the default spelled out).
     */
    'operation_key'?: (string);
    /**
     * The result that follows was stored by an earlier call; the ERP was not touched.
     */
    'replayed'?: (boolean);
    /**
     * This call joined an operation that was already running.
     */
    'attached'?: (boolean);
    /**
     * When it was first accepted.
     */
    'accepted_at'?: (_google_protobuf_Timestamp | null);
    /**
     * When it ended, for a replayed one.
     */
    'finished_at'?: (_google_protobuf_Timestamp | null);
}
/**
 * The operation is recorded durably; from here on it no longer needs the caller.
 */
export interface Accepted__Output {
    /**
     * The operation's own id, for operators and logs.
     */
    'operation_id': (string);
    /**
     * The key under which it is recorded (the default spelled out).
     */
    'operation_key': (string);
    /**
     * The result that follows was stored by an earlier call; the ERP was not touched.
     */
    'replayed': (boolean);
    /**
     * This call joined an operation that was already running.
     */
    'attached': (boolean);
    /**
     * When it was first accepted.
     */
    'accepted_at': (_google_protobuf_Timestamp__Output | null);
    /**
     * When it ended, for a replayed one.
     */
    'finished_at': (_google_protobuf_Timestamp__Output | null);
}
