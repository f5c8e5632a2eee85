/**
 * Turns a caller's object into the request's bytes, and refuses what the contract has no place for.
 *
 * The library underneath drops fields that it does not know and makes texts of numbers. Here a misspelt
 * `discount` would silently be an order without one, and 0.1 + 0.2 a price of 17 digits.
 */
import type { MethodDefinition } from "@grpc/proto-loader";
export type Field = {
    name: string;
    type: string;
    typeName: string;
    label: string;
};
export type Message = {
    field: Field[];
    oneofDecl: {
        name: string;
    }[];
};
export type Enumeration = {
    value: {
        name: string;
        number: number;
    }[];
};
/** @import { MethodDefinition } from "@grpc/proto-loader" */
/**
 * The parts of a message's descriptor that are looked at here.
 *
 * @typedef {{ name: string, type: string, typeName: string, label: string }} Field
 * @typedef {{ field: Field[], oneofDecl: { name: string }[] }} Message
 * @typedef {{ value: { name: string, number: number }[] }} Enumeration
 */
/**
 * The bytes of a request for an rpc.
 *
 * @param {MethodDefinition<object, object>} method
 * @param {object} request
 * @returns {Buffer}
 * @throws {TypeError} Something in it is not the contract's; the message names the field.
 */
export declare function encoded(method: MethodDefinition<object, object>, request: object): Buffer;
