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
export type SubmitOrderRequest = import("../types/contract/archibald/v1/SubmitOrderRequest.js").SubmitOrderRequest;
export type SendToVeronaRequest = import("../types/contract/archibald/v1/SendToVeronaRequest.js").SendToVeronaRequest;
export type CreateCustomerRequest = import("../types/contract/archibald/v1/CreateCustomerRequest.js").CreateCustomerRequest;
export type DeleteOrderRequest = import("../types/contract/archibald/v1/DeleteOrderRequest.js").DeleteOrderRequest;
export type OperationName = import("../types/contract/archibald/v1/OperationName.js").OperationName;
export type ListOperationsRequest = import("../types/contract/archibald/v1/ListOperationsRequest.js").ListOperationsRequest;
export type ResolveOperationRequest = import("../types/contract/archibald/v1/ResolveOperationRequest.js").ResolveOperationRequest;
export type Accepted = import("../types/contract/archibald/v1/Accepted.js").Accepted__Output;
export type Progress = import("../types/contract/archibald/v1/Progress.js").Progress__Output;
export type SubmitOrderResult = import("../types/contract/archibald/v1/SubmitOrderResult.js").SubmitOrderResult__Output;
export type SendToVeronaResult = import("../types/contract/archibald/v1/SendToVeronaResult.js").SendToVeronaResult__Output;
export type CreateCustomerResult = import("../types/contract/archibald/v1/CreateCustomerResult.js").CreateCustomerResult__Output;
export type DeleteOrderResult = import("../types/contract/archibald/v1/DeleteOrderResult.js").DeleteOrderResult__Output;
export type Operation = import("../types/contract/archibald/v1/Operation.js").Operation__Output;
export type Operations = {
    SubmitOrder: {
        request: SubmitOrderRequest;
        result: SubmitOrderResult;
    };
    SendToVerona: {
        request: SendToVeronaRequest;
        result: SendToVeronaResult;
    };
    CreateCustomer: {
        request: CreateCustomerRequest;
        result: CreateCustomerResult;
    };
    DeleteOrder: {
        request: DeleteOrderRequest;
        result: DeleteOrderResult;
    };
};
export {};
