import type { MethodDefinition } from '@grpc/proto-loader';
import type { CreateCustomerRequest as _archibald_v1_CreateCustomerRequest, CreateCustomerRequest__Output as _archibald_v1_CreateCustomerRequest__Output } from '../../archibald/v1/CreateCustomerRequest.js';
import type { CreateCustomerResponse as _archibald_v1_CreateCustomerResponse, CreateCustomerResponse__Output as _archibald_v1_CreateCustomerResponse__Output } from '../../archibald/v1/CreateCustomerResponse.js';
import type { DeleteOrderRequest as _archibald_v1_DeleteOrderRequest, DeleteOrderRequest__Output as _archibald_v1_DeleteOrderRequest__Output } from '../../archibald/v1/DeleteOrderRequest.js';
import type { DeleteOrderResponse as _archibald_v1_DeleteOrderResponse, DeleteOrderResponse__Output as _archibald_v1_DeleteOrderResponse__Output } from '../../archibald/v1/DeleteOrderResponse.js';
import type { SendToVeronaRequest as _archibald_v1_SendToVeronaRequest, SendToVeronaRequest__Output as _archibald_v1_SendToVeronaRequest__Output } from '../../archibald/v1/SendToVeronaRequest.js';
import type { SendToVeronaResponse as _archibald_v1_SendToVeronaResponse, SendToVeronaResponse__Output as _archibald_v1_SendToVeronaResponse__Output } from '../../archibald/v1/SendToVeronaResponse.js';
import type { SubmitOrderRequest as _archibald_v1_SubmitOrderRequest, SubmitOrderRequest__Output as _archibald_v1_SubmitOrderRequest__Output } from '../../archibald/v1/SubmitOrderRequest.js';
import type { SubmitOrderResponse as _archibald_v1_SubmitOrderResponse, SubmitOrderResponse__Output as _archibald_v1_SubmitOrderResponse__Output } from '../../archibald/v1/SubmitOrderResponse.js';
export interface BotServiceDefinition {
    CreateCustomer: MethodDefinition<_archibald_v1_CreateCustomerRequest, _archibald_v1_CreateCustomerResponse, _archibald_v1_CreateCustomerRequest__Output, _archibald_v1_CreateCustomerResponse__Output>;
    DeleteOrder: MethodDefinition<_archibald_v1_DeleteOrderRequest, _archibald_v1_DeleteOrderResponse, _archibald_v1_DeleteOrderRequest__Output, _archibald_v1_DeleteOrderResponse__Output>;
    SendToVerona: MethodDefinition<_archibald_v1_SendToVeronaRequest, _archibald_v1_SendToVeronaResponse, _archibald_v1_SendToVeronaRequest__Output, _archibald_v1_SendToVeronaResponse__Output>;
    SubmitOrder: MethodDefinition<_archibald_v1_SubmitOrderRequest, _archibald_v1_SubmitOrderResponse, _archibald_v1_SubmitOrderRequest__Output, _archibald_v1_SubmitOrderResponse__Output>;
}
