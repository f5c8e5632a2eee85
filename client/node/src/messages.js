/**
 * The contract's messages by their own names: requests as callers write them, answers as they come.
 *
 * @typedef {import("../types/contract/archibald/v1/SubmitOrderRequest.js").SubmitOrderRequest} SubmitOrderRequest
 * @typedef {import("../types/contract/archibald/v1/SendToVeronaRequest.js").SendToVeronaRequest} SendToVeronaRequest
 * @typedef {import("../types/contract/archibald/v1/CreateCustomerRequest.js").CreateCustomerRequest} CreateCustomerRequest
 * @typedef {import("../types/contract/archibald/v1/DeleteOrderRequest.js").DeleteOrderRequest} DeleteOrderRequest
 * @typedef {import("../types/contract/archibald/v1/OperationName.js").OperationName} OperationName
 * @typedef {import("../types/contract/archibald/v1/ListOperationsRequest.js").ListOperationsRequest} ListOperationsRequest
 * @typedef {import("../types/contract/archibald/v1/ResolveOperationRequest.js").ResolveOperationRequest} ResolveOperationRequest
 *
 * @typedef {import("../types/contract/archibald/v1/Accepted.js").Accepted__Output} Accepted
 * @typedef {import("../types/contract/archibald/v1/Progress.js").Progress__Output} Progress
 * @typedef {import("../types/contract/archibald/v1/SubmitOrderResult.js").SubmitOrderResult__Output} SubmitOrderResult
 * @typedef {import("../types/contract/archibald/v1/SendToVeronaResult.js").SendToVeronaResult__Output} SendToVeronaResult
 * @typedef {import("../types/contract/archibald/v1/CreateCustomerResult.js").CreateCustomerResult__Output} CreateCustomerResult
 * @typedef {import("../types/contract/archibald/v1/DeleteOrderResult.js").DeleteOrderResult__Output} DeleteOrderResult
 * @typedef {import("../types/contract/archibald/v1/Operation.js").Operation__Output} Operation
 *
 * The four writes, by the names of their rpcs.
 *
 * @typedef {object} Operations
 * @property {{ request: SubmitOrderRequest, result: SubmitOrderResult }} SubmitOrder
 * @property {{ request: SendToVeronaRequest, result: SendToVeronaResult }} SendToVerona
 * @property {{ request: CreateCustomerRequest, result: CreateCustomerResult }} CreateCustomer
 * @property {{ request: DeleteOrderRequest, result: DeleteOrderResult }} DeleteOrder
 */

export {};
