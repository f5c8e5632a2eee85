import type { MethodDefinition } from '@grpc/proto-loader';
import type { CancelOperationRequest as _archibald_v1_CancelOperationRequest, CancelOperationRequest__Output as _archibald_v1_CancelOperationRequest__Output } from '../../archibald/v1/CancelOperationRequest.js';
import type { CancelOperationResponse as _archibald_v1_CancelOperationResponse, CancelOperationResponse__Output as _archibald_v1_CancelOperationResponse__Output } from '../../archibald/v1/CancelOperationResponse.js';
import type { GetArtifactRequest as _archibald_v1_GetArtifactRequest, GetArtifactRequest__Output as _archibald_v1_GetArtifactRequest__Output } from '../../archibald/v1/GetArtifactRequest.js';
import type { GetArtifactResponse as _archibald_v1_GetArtifactResponse, GetArtifactResponse__Output as _archibald_v1_GetArtifactResponse__Output } from '../../archibald/v1/GetArtifactResponse.js';
import type { GetOperationRequest as _archibald_v1_GetOperationRequest, GetOperationRequest__Output as _archibald_v1_GetOperationRequest__Output } from '../../archibald/v1/GetOperationRequest.js';
import type { GetOperationResponse as _archibald_v1_GetOperationResponse, GetOperationResponse__Output as _archibald_v1_GetOperationResponse__Output } from '../../archibald/v1/GetOperationResponse.js';
import type { ListOperationsRequest as _archibald_v1_ListOperationsRequest, ListOperationsRequest__Output as _archibald_v1_ListOperationsRequest__Output } from '../../archibald/v1/ListOperationsRequest.js';
import type { ListOperationsResponse as _archibald_v1_ListOperationsResponse, ListOperationsResponse__Output as _archibald_v1_ListOperationsResponse__Output } from '../../archibald/v1/ListOperationsResponse.js';
import type { ResolveOperationRequest as _archibald_v1_ResolveOperationRequest, ResolveOperationRequest__Output as _archibald_v1_ResolveOperationRequest__Output } from '../../archibald/v1/ResolveOperationRequest.js';
import type { ResolveOperationResponse as _archibald_v1_ResolveOperationResponse, ResolveOperationResponse__Output as _archibald_v1_ResolveOperationResponse__Output } from '../../archibald/v1/ResolveOperationResponse.js';
import type { WatchOperationRequest as _archibald_v1_WatchOperationRequest, WatchOperationRequest__Output as _archibald_v1_WatchOperationRequest__Output } from '../../archibald/v1/WatchOperationRequest.js';
import type { WatchOperationResponse as _archibald_v1_WatchOperationResponse, WatchOperationResponse__Output as _archibald_v1_WatchOperationResponse__Output } from '../../archibald/v1/WatchOperationResponse.js';
export interface OperationsServiceDefinition {
    CancelOperation: MethodDefinition<_archibald_v1_CancelOperationRequest, _archibald_v1_CancelOperationResponse, _archibald_v1_CancelOperationRequest__Output, _archibald_v1_CancelOperationResponse__Output>;
    GetArtifact: MethodDefinition<_archibald_v1_GetArtifactRequest, _archibald_v1_GetArtifactResponse, _archibald_v1_GetArtifactRequest__Output, _archibald_v1_GetArtifactResponse__Output>;
    GetOperation: MethodDefinition<_archibald_v1_GetOperationRequest, _archibald_v1_GetOperationResponse, _archibald_v1_GetOperationRequest__Output, _archibald_v1_GetOperationResponse__Output>;
    ListOperations: MethodDefinition<_archibald_v1_ListOperationsRequest, _archibald_v1_ListOperationsResponse, _archibald_v1_ListOperationsRequest__Output, _archibald_v1_ListOperationsResponse__Output>;
    ResolveOperation: MethodDefinition<_archibald_v1_ResolveOperationRequest, _archibald_v1_ResolveOperationResponse, _archibald_v1_ResolveOperationRequest__Output, _archibald_v1_ResolveOperationResponse__Output>;
    WatchOperation: MethodDefinition<_archibald_v1_WatchOperationRequest, _archibald_v1_WatchOperationResponse, _archibald_v1_WatchOperationRequest__Output, _archibald_v1_WatchOperationResponse__Output>;
}
