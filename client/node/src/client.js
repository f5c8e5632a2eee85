/** The client: sends one request, listens until its operation ends, and re-attaches when a stream breaks. */

import { Calls } from "./calls.js";
import { rpc } from "./contract.js";
import { Desk } from "./desk.js";
import { BrokenContractError } from "./errors.js";
import { News } from "./listening.js";
import { encoded } from "./request.js";

/** @import { Connection } from "./connection.js" */
/** @import { Bounds, Listening } from "./listening.js" */
/** @import * as contract from "./messages.js" */

const PATIENCE_MS = 60_000; // longer than a server takes to be replaced

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
export class Client extends Desk {
  #calls;

  /**
   * @param {string} server `HOST:PORT`; of a name with several addresses, or of
   *   `ipv4:127.0.0.1:50051,127.0.0.1:50052`, all are used.
   * @param {{ patienceMs?: number } & Connection} [options] See `Connection` for who calls, and how.
   */
  constructor(server, { patienceMs = PATIENCE_MS, ...connection } = {}) {
    const calls = new Calls(server, patienceMs, connection);
    super(calls);
    this.#calls = calls;
  }

  /** Close the connection. Calls that still listen are rejected; their operations go on. */
  close() {
    this.#calls.close();
  }

  /**
   * Enter an order in the ERP as a draft, and return it as the ERP holds it; see `run`.
   *
   * @param {contract.SubmitOrderRequest} request
   * @param {Listening} [listening]
   */
  submitOrder(request, listening) {
    return this.run("SubmitOrder", request, listening);
  }

  /**
   * Send a draft order to Verona, and return what the ERP shows of it then; see `run`.
   *
   * @param {contract.SendToVeronaRequest} request
   * @param {Listening} [listening]
   */
  sendToVerona(request, listening) {
    return this.run("SendToVerona", request, listening);
  }

  /**
   * Enter a new customer in the ERP, and return its id and what differs; see `run`.
   *
   * @param {contract.CreateCustomerRequest} request
   * @param {Listening} [listening]
   */
  createCustomer(request, listening) {
    return this.run("CreateCustomer", request, listening);
  }

  /**
   * Delete a draft order in the ERP, and return that it is gone; see `run`.
   *
   * @param {contract.DeleteOrderRequest} request
   * @param {Listening} [listening]
   */
  deleteOrder(request, listening) {
    return this.run("DeleteOrder", request, listening);
  }

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
  async run(operation, request, { onAccepted, onProgress, ...bounds } = {}) {
    const method = rpc("BotService", operation);
    // What is sent again is what was sent, whatever the caller changes.
    const bytes = encoded(method, request);
    if (request.wait === "WAIT_NONE" || request.wait === 2) {
      throw new TypeError("the request says WAIT_NONE: call start(), or leave `wait` to the client");
    }
    const isLast = (/** @type {any} */ response) => response.event === "result";
    const news = new News();
    let accepted = false;
    let result;
    for await (const response of this.#calls.responses(method, () => bytes, { ...bounds, isLast })) {
      // An event that only a newer contract knows has no name here.
      if (response.event === "accepted" && !accepted) {
        accepted = true;
        await onAccepted?.(response.accepted);
      } else if (response.event === "progress") {
        const progress = news.hear(response.progress);
        if (progress) await onProgress?.(progress);
      } else if (response.event === "result") {
        result = response.result;
      }
    }
    if (!result) throw new BrokenContractError("the call ended well but without a result");
    return result;
  }

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
  async start(operation, request, bounds) {
    const method = rpc("BotService", operation);
    const bytes = encoded(method, { ...request, wait: "WAIT_NONE" });
    const isLast = (/** @type {any} */ response) => response.event === "accepted";
    for await (const response of this.#calls.responses(method, () => bytes, { ...bounds, isLast })) {
      if (isLast(response)) return response.accepted;
    }
    throw new BrokenContractError("the call ended well but was not accepted");
  }
}
