import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.js';
/**
 * The ERP accepted the login.
 */
export interface VerifyCredentialsResponse {
    /**
     * When.
     */
    'verified_at'?: (_google_protobuf_Timestamp | null);
}
/**
 * The ERP accepted the login.
 */
export interface VerifyCredentialsResponse__Output {
    /**
     * When.
     */
    'verified_at': (_google_protobuf_Timestamp__Output | null);
}
