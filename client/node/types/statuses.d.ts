/** Turns the status that ends a gRPC call into an error of this package. */
import * as errors from "./errors.js";
import type { ServiceError } from "@grpc/grpc-js";
/** @import { ServiceError } from "@grpc/grpc-js" */
declare const ArchibaldError: typeof errors.ArchibaldError;
/** @type {ReadonlyMap<string, typeof ArchibaldError>} */
export declare const BY_REASON: ReadonlyMap<string, typeof ArchibaldError>;
/**
 * The typed error for a call's status; falls back on the status when no detail names a reason.
 *
 * @param {ServiceError} failure
 * @returns {errors.ArchibaldError}
 */
export declare function errorOf(failure: ServiceError): errors.ArchibaldError;
export type Detail = {
    name: string;
    value: any;
};
export type Localized = {
    locale: string;
    message: string;
};
export {};
