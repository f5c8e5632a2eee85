/** The verbs of OperationsService: look at operations, wait for them, stop them, settle them. */

import { rpc } from "./contract.js";
import { BrokenContractError } from "./errors.js";
import { News } from "./listening.js";
import { encoded } from "./request.js";

/** @import { Calls } from "./calls.js" */
/** @import { Bounds, Listeners } from "./listening.js" */
/** @import { ListOperationsRequest, Operation, OperationName, ResolveOperationRequest } from "./messages.js" */

/**
 * An operation's id (`Accepted.operation_id`), or its agent, type and key.
 *
 * @typedef {string | OperationName} Named
 *
 * @typedef {Omit<ListOperationsRequest, "page_token">} Filters
 * @typedef {Omit<ResolveOperationRequest, "name"> & { note: string }} Decision
 * @typedef {Bounds & Pick<Listeners, "onProgress"> & { fromSequence?: number }} Watching
 */

const SERVICE = "OperationsService";
const LOOK_MS = 120_000; // reading takes no time, a server that is being replaced takes some

/**
 * What a client can do about operations, whoever submitted them.
 *
 * Everything is sent again while no server answers, as the client's patience lasts. Reading never touches
 * the ERP.
 */
export class Desk {
  #calls;

  /** @param {Calls} calls */
  constructor(calls) {
    this.#calls = calls;
  }

  /**
   * One operation as it is now, with its result or error if it has one.
   *
   * @param {Named} operation
   * @param {Bounds} [bounds]
   * @returns {Promise<Operation>}
   * @throws {OperationNotFoundError} There is none, or the caller may not see it.
   */
  async getOperation(operation, bounds) {
    return shown(await this.#answer("GetOperation", { name: nameOf(operation) }, bounds));
  }

  /**
   * All operations that match, newest first; the pages (50, or `page_size`) are fetched on the way.
   *
   * @param {Filters} [filters] What is left out matches all.
   * @param {Bounds} [bounds] Of each page.
   * @returns {AsyncGenerator<Operation, void, void>}
   */
  async *listOperations(filters = {}, bounds = {}) {
    const request = { ...filters, page_token: "" };
    do {
      const page = await this.#answer("ListOperations", request, bounds);
      yield* page.operations;
      request.page_token = page.next_page_token;
    } while (request.page_token);
  }

  /**
   * Wait until the operation has ended or is under review, and return it as it is then.
   *
   * `onProgress` hears the events stored from `fromSequence` on (0: none of them), then the new ones, and no
   * step twice, also across a broken connection. A failed operation throws nothing: see its `error`.
   *
   * @param {Named} operation
   * @param {Watching} [watching]
   * @returns {Promise<Operation>}
   */
  async watch(operation, { onProgress, fromSequence = 0, ...bounds } = {}) {
    const method = rpc(SERVICE, "WatchOperation");
    const name = { ...nameOf(operation) };
    const news = new News();
    const request = () => encoded(method, { name, from_sequence: news.next ?? fromSequence });
    const isLast = (/** @type {any} */ response) => response.event === "operation";
    let ended;
    for await (const response of this.#calls.responses(method, request, { ...bounds, isLast })) {
      if (isLast(response)) {
        ended = response;
      } else if (response.event === "progress") {
        const progress = news.hear(response.progress);
        if (progress) await onProgress?.(progress);
      }
    }
    return shown(ended);
  }

  /**
   * Stop an operation that has written nothing yet; a second cancel changes nothing.
   *
   * Returns it as it is then: CANCELLED, or still RUNNING for a moment with the cancel noted.
   *
   * @param {Named} operation
   * @param {Bounds} [bounds]
   * @returns {Promise<Operation>}
   * @throws {TooLateError} It has written, or it has ended; it was not touched.
   */
  async cancel(operation, bounds) {
    return shown(await this.#answer("CancelOperation", { name: nameOf(operation) }, bounds));
  }

  /**
   * Settle an operation under review, and return it as it is then.
   *
   * @param {Named} operation
   * @param {Decision} decision One of `look_again: {}`, `landed: { erp_id }`, `not_done: {}` and
   *   `give_up: {}`, and a `note` that says why, for whoever asks later; it is kept for ever.
   * @param {Bounds} [bounds]
   * @returns {Promise<Operation>}
   * @throws {NotUnderReviewError} There is nothing to decide (any more). After a lost connection the decision
   *   may have been this very one: look at the operation.
   */
  async resolve(operation, decision, bounds) {
    const request = { ...decision, name: nameOf(operation) };
    return shown(await this.#answer("ResolveOperation", request, bounds));
  }

  /**
   * A file that a failed attempt left (`Artifact.name`); it shows customers' data.
   *
   * @param {Named} operation
   * @param {string} artifact
   * @param {Bounds} [bounds]
   * @returns {Promise<Buffer>}
   * @throws {OperationNotFoundError} This server does not have it: each hands out its own.
   */
  async artifact(operation, artifact, bounds) {
    const method = rpc(SERVICE, "GetArtifact");
    const bytes = encoded(method, { name: nameOf(operation), artifact });
    /** @type {Buffer[]} */
    let parts = [];
    const request = () => {
      parts = []; // a stream that broke begins anew
      return bytes;
    };
    const options = { ...bounds, isLast: () => false };
    for await (const response of this.#calls.responses(method, request, options)) {
      parts.push(response.data);
    }
    return Buffer.concat(parts);
  }

  /**
   * @param {string} name
   * @param {object} request
   * @param {Bounds} [bounds]
   */
  async #answer(name, request, bounds) {
    const method = rpc(SERVICE, name);
    const bytes = encoded(method, request);
    const options = { timeoutMs: LOOK_MS, ...bounds, isLast: () => true };
    for await (const response of this.#calls.responses(method, () => bytes, options)) return response;
    throw new BrokenContractError("the call ended well but without an answer");
  }
}

/**
 * @param {Named} operation
 * @returns {OperationName}
 */
function nameOf(operation) {
  return typeof operation === "string" ? { operation_id: operation } : operation;
}

/**
 * @param {{ operation?: Operation | null } | undefined} answer
 * @returns {Operation}
 */
function shown(answer) {
  if (!answer?.operation) throw new BrokenContractError("the answer holds no operation");
  return answer.operation;
}
