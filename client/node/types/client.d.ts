/** The client: sends one request, listens until its operation ends, and re-attaches when a stream breaks. */
import { Desk } from "./desk.js";
import type { Connection } from "./connection.js";
import type { Bounds, Listening } from "./listening.js";
import type * as contract from "./messages.js";
/**
 * A connection to Archibald Bot; one client serves any number of calls at once.
 *
 * The four writes are here, `Desk` has what looks at operations, waits for them, and settles them.
 *
 * Only UNAVAILABLE is tried again, with the very same request and so with the same key: until the server
 * answers, or the call has been without one for `patienceMs` in all. `patienceMs: 0` never retries. The
 * key is never made up here: an empty `operation_key` stays empty and the server takes the request's own
 * object for it.
 */
export declare class Client extends Desk {
    #private;
    /**
     * @param {string} server `HOST:PORT`; of a name with several addresses, or of
     *   `ipv4:127.0.0.1:50051,127.0.0.1:50052`, all are used.
     * @param {{ patienceMs?: number } & Connection} [options] See `Connection` for who calls, and how.
     */
    constructor(server: string, { patienceMs, ...connection }?: {
        patienceMs?: number;
    } & Connection);
    /** Close the connection. Calls that still listen are rejected; their operations go on. */
    close(): void;
    /**
     * Enter an order in the ERP as a draft, and return it as the ERP holds it; see `run`.
     *
     * @param {contract.SubmitOrderRequest} request
     * @param {Listening} [listening]
     */
    submitOrder(request: contract.SubmitOrderRequest, listening?: Listening): Promise<import("../types/contract/archibald/v1/SubmitOrderResult.js").SubmitOrderResult__Output>;
    /**
     * Send a draft order to Verona, and return what the ERP shows of it then; see `run`.
     *
     * @param {contract.SendToVeronaRequest} request
     * @param {Listening} [listening]
     */
    sendToVerona(request: contract.SendToVeronaRequest, listening?: Listening): Promise<import("../types/contract/archibald/v1/SendToVeronaResult.js").SendToVeronaResult__Output>;
    /**
     * Enter a new customer in the ERP, and return its id and what differs; see `run`.
     *
     * @param {contract.CreateCustomerRequest} request
     * @param {Listening} [listening]
     */
    createCustomer(request: contract.CreateCustomerRequest, listening?: Listening): Promise<import("../types/contract/archibald/v1/CreateCustomerResult.js").CreateCustomerResult__Output>;
    /**
     * Delete a draft order in the ERP, and return that it is gone; see `run`.
     *
     * @param {contract.DeleteOrderRequest} request
     * @param {Listening} [listening]
     */
    deleteOrder(request: contract.DeleteOrderRequest, listening?: Listening): Promise<import("../types/contract/archibald/v1/DeleteOrderResult.js").DeleteOrderResult__Output>;
    /**
     * Do an operation, and return its result: the stored one when it was already done under this key.
     *
     * Rejects with an `ArchibaldError` when it failed, with a `StoppedListeningError` after `timeoutMs`, with
     * a `TypeError` when the request has what the contract has not. Neither the timeout, nor the signal, nor
     * an error thrown by a listener stops the operation: the call only stops listening. An async listener
     * holds back the stream, which then leaves out what is outdated.
     *
     * @template {keyof contract.Operations} Name
     * @param {Name} operation
     * @param {contract.Operations[Name]["request"]} request
     * @param {Listening} [listening]
     * @returns {Promise<contract.Operations[Name]["result"]>}
     */
    run<Name extends keyof contract.Operations>(operation: Name, request: contract.Operations[Name]["request"], { onAccepted, onProgress, ...bounds }?: Listening): Promise<contract.Operations[Name]["result"]>;
    /**
     * Have an operation recorded and return at once; it goes on without a listener.
     *
     * Call again with the same request for its result (`run`), or to see that it is known (`start`).
     *
     * @template {keyof contract.Operations} Name
     * @param {Name} operation
     * @param {contract.Operations[Name]["request"]} request
     * @param {Bounds} [bounds]
     * @returns {Promise<contract.Accepted>}
     */
    start<Name extends keyof contract.Operations>(operation: Name, request: contract.Operations[Name]["request"], bounds?: Bounds): Promise<contract.Accepted>;
}
