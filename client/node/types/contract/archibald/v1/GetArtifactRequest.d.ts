import type { OperationName as _archibald_v1_OperationName, OperationName__Output as _archibald_v1_OperationName__Output } from '../../archibald/v1/OperationName.js';
/**
 * Which file to fetch.
 */
export interface GetArtifactRequest {
    /**
     * Required.
     */
    'name'?: (_archibald_v1_OperationName | null);
    /**
     * `Artifact.name`.
     */
    'artifact'?: (string);
}
/**
 * Which file to fetch.
 */
export interface GetArtifactRequest__Output {
    /**
     * Required.
     */
    'name': (_archibald_v1_OperationName__Output | null);
    /**
     * `Artifact.name`.
     */
    'artifact': (string);
}
