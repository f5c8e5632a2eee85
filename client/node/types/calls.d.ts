/** Calls of the contract: each goes on over as many streams as it takes, until its answer is there. */
import type { MethodDefinition } from "@grpc/proto-loader";
import type { Connection } from "./connection.js";
import type { Bounds } from "./listening.js";
export declare const CHANNEL_OPTIONS: {
    "grpc.keepalive_time_ms": number;
    "grpc.keepalive_timeout_ms": number;
    "grpc.keepalive_permit_without_calls": number;
    "grpc.service_config": string;
    "grpc.enable_retries": number;
    "grpc.initial_reconnect_backoff_ms": number;
    "grpc.max_reconnect_backoff_ms": number;
};
/** A connection, and the calls that go on over it. */
export declare class Calls {
    #private;
    /**
     * @param {string} server
     * @param {number} patienceMs
     * @param {Connection} connection
     */
    constructor(server: string, patienceMs: number, connection: Connection);
    /** End all calls and the connection. */
    close(): void;
    /**
     * What an rpc answers, one message or a stream of them, over as many tries as it takes.
     *
     * A generator, so that an error of whoever uses the answers can never be taken for the stream's.
     *
     * @param {MethodDefinition<object, object>} method
     * @param {() => Buffer} request What is sent, asked for before each try.
     * @param {Bounds & { isLast: (response: any) => boolean }} options Behind its last message it no longer
     *   matters how a connection ends.
     * @returns {AsyncGenerator<any, void, void>}
     */
    responses(method: MethodDefinition<object, object>, request: () => Buffer, { timeoutMs, signal, isLast }: Bounds & {
        isLast: (response: any) => boolean;
    }): AsyncGenerator<any, void, void>;
}
