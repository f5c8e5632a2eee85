/** The verbs of OperationsService: look at operations, wait for them, stop them, settle them. */
import type { Calls } from "./calls.js";
import type { Bounds, Listeners } from "./listening.js";
import type { ListOperationsRequest, Operation, OperationName, ResolveOperationRequest } from "./messages.js";
export type Named = string | OperationName;
export type Filters = Omit<ListOperationsRequest, "page_token">;
export type Decision = Omit<ResolveOperationRequest, "name"> & {
    note: string;
};
export type Watching = Bounds & Pick<Listeners, "onProgress"> & {
    fromSequence?: number;
};
/**
 * What a client can do about operations, whoever submitted them.
 *
 * Everything is sent again while no server answers, as the client's patience lasts. Reading never touches
 * the ERP.
 */
export declare class Desk {
    #private;
    /** @param {Calls} calls */
    constructor(calls: Calls);
    /**
     * One operation as it is now, with its result or error if it has one.
     *
     * @param {Named} operation
     * @param {Bounds} [bounds]
     * @returns {Promise<Operation>}
     * @throws {OperationNotFoundError} There is none, or the caller may not see it.
     */
    getOperation(operation: Named, bounds?: Bounds): Promise<Operation>;
    /**
     * All operations that match, newest first; the pages (50, or `page_size`) are fetched on the way.
     *
     * @param {Filters} [filters] What is left out matches all.
     * @param {Bounds} [bounds] Of each page.
     * @returns {AsyncGenerator<Operation, void, void>}
     */
    listOperations(filters?: Filters, bounds?: Bounds): AsyncGenerator<Operation, void, void>;
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
    watch(operation: Named, { onProgress, fromSequence, ...bounds }?: Watching): Promise<Operation>;
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
    cancel(operation: Named, bounds?: Bounds): Promise<Operation>;
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
    resolve(operation: Named, decision: Decision, bounds?: Bounds): Promise<Operation>;
    /**
     * A file that a failed attempt left (`Artifact.name`); it shows customers' data.
     *
     * @param {Named} operation
     * @param {string} artifact
     * @param {Bounds} [bounds]
     * @returns {Promise<Buffer>}
     * @throws {OperationNotFoundError} This server does not have it: each hands out its own.
     */
    artifact(operation: Named, artifact: string, bounds?: Bounds): Promise<Buffer>;
}
