import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
/**
 * The login is stored.
 */
export interface PutCredentialsResponse {
    /**
     * When.
     */
    'updated_at'?: (_google_protobuf_Timestamp | null);
}
/**
 * The login is stored.
 */
export interface PutCredentialsResponse__Output {
    /**
     * When.
     */
    'updated_at': (_google_protobuf_Timestamp__Output | null);
}
