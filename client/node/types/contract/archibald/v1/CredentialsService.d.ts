import type { MethodDefinition } from '@grpc/proto-loader';
import type { DeleteCredentialsRequest as _archibald_v1_DeleteCredentialsRequest, DeleteCredentialsRequest__Output as _archibald_v1_DeleteCredentialsRequest__Output } from '../../archibald/v1/DeleteCredentialsRequest.js';
import type { DeleteCredentialsResponse as _archibald_v1_DeleteCredentialsResponse, DeleteCredentialsResponse__Output as _archibald_v1_DeleteCredentialsResponse__Output } from '../../archibald/v1/DeleteCredentialsResponse.js';
import type { PutCredentialsRequest as _archibald_v1_PutCredentialsRequest, PutCredentialsRequest__Output as _archibald_v1_PutCredentialsRequest__Output } from '../../archibald/v1/PutCredentialsRequest.js';
import type { PutCredentialsResponse as _archibald_v1_PutCredentialsResponse, PutCredentialsResponse__Output as _archibald_v1_PutCredentialsResponse__Output } from '../../archibald/v1/PutCredentialsResponse.js';
import type { VerifyCredentialsRequest as _archibald_v1_VerifyCredentialsRequest, VerifyCredentialsRequest__Output as _archibald_v1_VerifyCredentialsRequest__Output } from '../../archibald/v1/VerifyCredentialsRequest.js';
import type { VerifyCredentialsResponse as _archibald_v1_VerifyCredentialsResponse, VerifyCredentialsResponse__Output as _archibald_v1_VerifyCredentialsResponse__Output } from '../../archibald/v1/VerifyCredentialsResponse.js';
export interface CredentialsServiceDefinition {
    DeleteCredentials: MethodDefinition<_archibald_v1_DeleteCredentialsRequest, _archibald_v1_DeleteCredentialsResponse, _archibald_v1_DeleteCredentialsRequest__Output, _archibald_v1_DeleteCredentialsResponse__Output>;
    PutCredentials: MethodDefinition<_archibald_v1_PutCredentialsRequest, _archibald_v1_PutCredentialsResponse, _archibald_v1_PutCredentialsRequest__Output, _archibald_v1_PutCredentialsResponse__Output>;
    VerifyCredentials: MethodDefinition<_archibald_v1_VerifyCredentialsRequest, _archibald_v1_VerifyCredentialsResponse, _archibald_v1_VerifyCredentialsRequest__Output, _archibald_v1_VerifyCredentialsResponse__Output>;
}
