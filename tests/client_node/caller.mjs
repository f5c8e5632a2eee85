/**
 * A backend that calls the client as it is told, line by line on standard input, and tells on standard output.
 *
 * A line is a JSON object with an `id` of its own and what to `do`; everything that comes of it carries that
 * id. Listeners can be told to be slow or to fail, for what a backend's own code may do to a call.
 */

import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { ArchibaldError, Client } from "@archibald/bot-client";

const [server, options] = process.argv.slice(2);
const client = new Client(server, JSON.parse(options));
const leaving = new Map();

function tell(id, event, value) {
  process.stdout.write(JSON.stringify({ id, event, value }) + "\n");
}

function told(error) {
  const facts = { class: error.constructor.name, name: error.name, message: error.message };
  if (!(error instanceof ArchibaldError)) return facts;
  const kinds = [];
  for (let kind = error.constructor; kind !== Error; kind = Object.getPrototypeOf(kind)) kinds.push(kind.name);
  const { reason, status, metadata, violations, retryAfterMs, messageIt, nextStep, draftId, erpId } = error;
  return { ...facts, kinds, reason, status, metadata, violations, retryAfterMs, messageIt, nextStep, draftId, erpId };
}

function listening({ id, listener, timeoutMs, abortable, fromSequence }) {
  const bounds = timeoutMs === undefined ? {} : { timeoutMs };
  if (abortable) {
    leaving.set(id, new AbortController());
    bounds.signal = leaving.get(id).signal;
  }
  const onAccepted = (accepted) => tell(id, "accepted", accepted);
  const onProgress = async (progress) => {
    tell(id, "progress", progress);
    if (listener === "slow") await sleep(20);
    if (listener === "slow") tell(id, "heard", progress);
    if (listener === "fails") throw new RangeError("the backend's own error");
  };
  return { ...bounds, onAccepted, onProgress, ...(fromSequence === undefined ? {} : { fromSequence }) };
}

async function all(listed) {
  const found = [];
  for await (const each of listed) found.push(each);
  return found;
}

const verbs = {
  start: (order) => client.start(order.operation, order.request),
  run: (order) => client.run(order.operation, order.request, listening(order)),
  submitOrder: (order) => client.submitOrder(order.request, listening(order)),
  sendToVerona: (order) => client.sendToVerona(order.request, listening(order)),
  createCustomer: (order) => client.createCustomer(order.request, listening(order)),
  deleteOrder: (order) => client.deleteOrder(order.request, listening(order)),
  getOperation: (order) => client.getOperation(order.name),
  listOperations: (order) => all(client.listOperations(order.request)),
  watch: (order) => client.watch(order.name, listening(order)),
  cancel: (order) => client.cancel(order.name),
  resolve: (order) => client.resolve(order.name, order.request),
  artifact: async (order) => (await client.artifact(order.name, order.artifact)).toString("base64"),
  close: async () => client.close(),
  abort: async (order) => leaving.get(order.of).abort(new Error("the backend gave up")),
};

async function run(order) {
  try {
    tell(order.id, "result", (await verbs[order.do](order)) ?? null);
  } catch (error) {
    tell(order.id, "error", told(error));
  }
}

for await (const line of createInterface({ input: process.stdin })) run(JSON.parse(line));
