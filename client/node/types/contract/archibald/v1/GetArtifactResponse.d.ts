/**
 * A part of the file.
 */
export interface GetArtifactResponse {
    /**
     * The next bytes, at most 64 KiB.
     */
    'data'?: (Buffer | Uint8Array | string);
}
/**
 * A part of the file.
 */
export interface GetArtifactResponse__Output {
    /**
     * The next bytes, at most 64 KiB.
     */
    'data': (Buffer);
}
