/** The contract at run time: its rpcs and messages, read from the file beside this one. */
import type { AnyDefinition, MessageTypeDefinition, MethodDefinition } from "@grpc/proto-loader";
/** @import { AnyDefinition, MessageTypeDefinition, MethodDefinition } from "@grpc/proto-loader" */
export declare const PACKAGE = "archibald.v1";
/**
 * An rpc of a service.
 *
 * @param {string} service
 * @param {string} name
 * @returns {MethodDefinition<object, object>}
 */
export declare function rpc(service: string, name: string): MethodDefinition<object, object>;
/**
 * A message, by its full name.
 *
 * @param {string} name
 * @returns {MessageTypeDefinition<object, any>}
 */
export declare function message(name: string): MessageTypeDefinition<object, any>;
/**
 * A message or an enumeration as a field names it: in full, or without the contract's own package.
 *
 * @param {string} name
 * @returns {AnyDefinition | undefined}
 */
export declare function definition(name: string): AnyDefinition | undefined;
