import type { Long } from '@grpc/proto-loader';
/**
 * A file that an attempt left.
 */
export interface Artifact {
    /**
     * Its name, for GetArtifact: "2/page.png".
     */
    'name'?: (string);
    /**
     * Bytes.
     */
    'size'?: (number | string | Long);
    /**
     * "image/png" or "application/zip".
     */
    'media_type'?: (string);
}
/**
 * A file that an attempt left.
 */
export interface Artifact__Output {
    /**
     * Its name, for GetArtifact: "2/page.png".
     */
    'name': (string);
    /**
     * Bytes.
     */
    'size': (number);
    /**
     * "image/png" or "application/zip".
     */
    'media_type': (string);
}
