/** The contract at run time: its rpcs and messages, read from the file beside this one. */

import { readFileSync } from "node:fs";

import { fromJSON } from "@grpc/proto-loader";

/** @import { AnyDefinition, MessageTypeDefinition, MethodDefinition } from "@grpc/proto-loader" */

export const PACKAGE = "archibald.v1";

// The types in types/contract are generated with the same options (scripts/node_contract.py). Fields are
// spelled as in the contract, so that what an error or a difference names is what the caller has written.
const OPTIONS = { keepCase: true, longs: Number, enums: String, defaults: true, oneofs: true };

const definitions = fromJSON(
  JSON.parse(readFileSync(new URL("./contract.json", import.meta.url), "utf8")),
  OPTIONS,
);

/**
 * An rpc of a service.
 *
 * @param {string} service
 * @param {string} name
 * @returns {MethodDefinition<object, object>}
 */
export function rpc(service, name) {
  const methods = definitions[`${PACKAGE}.${service}`];
  const found = methods && Object.hasOwn(methods, name) && Reflect.get(methods, name);
  if (!found) throw new TypeError(`${service} has no ${name}`);
  return found;
}

/**
 * A message, by its full name.
 *
 * @param {string} name
 * @returns {MessageTypeDefinition<object, any>}
 */
export function message(name) {
  const found = definition(name);
  if (!found || !("serialize" in found)) throw new TypeError(`the contract has no message ${name}`);
  return /** @type {MessageTypeDefinition<object, any>} */ (found);
}

/**
 * A message or an enumeration as a field names it: in full, or without the contract's own package.
 *
 * @param {string} name
 * @returns {AnyDefinition | undefined}
 */
export function definition(name) {
  return definitions[name] ?? definitions[`${PACKAGE}.${name}`];
}
