/** Calls of the contract: each goes on over as many streams as it takes, until its answer is there. */

import { setTimeout as sleep } from "node:timers/promises";

import { Client as Channel } from "@grpc/grpc-js";

import { credentialsFor, metadataOf } from "./connection.js";
import { StoppedListeningError, UnavailableError } from "./errors.js";
import { Outage } from "./outage.js";
import { errorOf } from "./statuses.js";

/** @import { ClientReadableStream, ServiceError } from "@grpc/grpc-js" */
/** @import { MethodDefinition } from "@grpc/proto-loader" */
/** @import { Connection } from "./connection.js" */
/** @import { Bounds } from "./listening.js" */

const TIMEOUT_MS = 30 * 60_000;

export const CHANNEL_OPTIONS = {
  // A connection that died without a word is noticed within 40 s. The server allows these numbers.
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  // Of a name or list with several addresses all are used, and one that is gone is passed over.
  "grpc.service_config": '{"loadBalancingConfig": [{"round_robin": {}}]}',
  // Trying again is decided in one place, ours; the channel only has to be ready to reconnect by then.
  "grpc.enable_retries": 0,
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 2_000,
};

/** A connection, and the calls that go on over it. */
export class Calls {
  #channel;
  #patienceMs;
  #connection;
  #closed = false;
  /** @type {Set<AbortController>} */
  #listening = new Set();

  /**
   * @param {string} server
   * @param {number} patienceMs
   * @param {Connection} connection
   */
  constructor(server, patienceMs, connection) {
    this.#channel = new Channel(server, credentialsFor(server, connection), CHANNEL_OPTIONS);
    this.#connection = connection;
    this.#patienceMs = patienceMs;
  }

  /** End all calls and the connection. */
  close() {
    this.#closed = true;
    for (const each of this.#listening) {
      each.abort(new Error("the client was closed while this call listened"));
    }
    this.#channel.close();
  }

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
  async *responses(method, request, { timeoutMs = TIMEOUT_MS, signal, isLast }) {
    const until = performance.now() + timeoutMs;
    const outage = new Outage(this.#patienceMs);
    const leaving = this.#enter(signal);
    let ended = false;
    try {
      while (true) {
        leaving.signal.throwIfAborted();
        const left = until - performance.now();
        if (left <= 0) throw new StoppedListeningError("the timeout passed before the operation ended");
        const call = this.#call(method, request(), left);
        const leave = () => call.cancel();
        leaving.signal.addEventListener("abort", leave);
        let error;
        try {
          for await (const response of call) {
            leaving.signal.throwIfAborted();
            outage.over();
            ended = isLast(response);
            yield response;
          }
          return;
        } catch (failure) {
          if (ended) return;
          leaving.signal.throwIfAborted();
          if (!isStatus(failure)) throw failure;
          error = errorOf(failure);
        } finally {
          leaving.signal.removeEventListener("abort", leave);
          call.cancel(); // detaches from the operation; a call that has ended ignores it
        }
        const delay = error instanceof UnavailableError && outage.delay(error.retryAfterMs);
        if (typeof delay !== "number" || performance.now() + delay >= until) throw error;
        await pause(delay, leaving.signal);
      }
    } finally {
      leaving.over();
    }
  }

  /**
   * @param {MethodDefinition<object, object>} method
   * @param {Buffer} request
   * @param {number} timeoutMs
   * @returns {ClientReadableStream<object>}
   */
  #call(method, request, timeoutMs) {
    // On the wire one answer is a stream of one, so that all rpcs are read alike.
    const call = this.#channel.makeServerStreamRequest(
      method.path,
      /** @param {Buffer} bytes */ (bytes) => bytes,
      method.responseDeserialize,
      request,
      metadataOf(this.#connection),
      { deadline: Number.isFinite(timeoutMs) ? Date.now() + timeoutMs : Infinity },
    );
    // A call that nobody reads any more still tells how it ended; without a listener that would throw.
    call.on("error", () => undefined);
    return call;
  }

  /**
   * Begin to listen, until `over`, the caller's signal, or the client's close.
   *
   * @param {AbortSignal | undefined} signal
   */
  #enter(signal) {
    if (this.#closed) throw new Error("the client is closed");
    const leaving = new AbortController();
    const leave = () => leaving.abort(signal?.reason);
    if (signal?.aborted) leave();
    signal?.addEventListener("abort", leave);
    this.#listening.add(leaving);
    const over = () => {
      this.#listening.delete(leaving);
      signal?.removeEventListener("abort", leave);
    };
    return { signal: leaving.signal, over };
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
async function pause(milliseconds, signal) {
  // Nothing but the signal can end it early, and then the signal's own reason is the caller's.
  await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/**
 * @param {unknown} failure
 * @returns {failure is ServiceError}
 */
function isStatus(failure) {
  return failure instanceof Error && "metadata" in failure && "code" in failure;
}
