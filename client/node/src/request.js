/**
 * Turns a caller's object into the request's bytes, and refuses what the contract has no place for.
 *
 * The library underneath drops fields that it does not know and makes texts of numbers. Here a misspelt
 * `discount` would silently be an order without one, and 0.1 + 0.2 a price of 17 digits.
 */

import { definition } from "./contract.js";

/** @import { MethodDefinition } from "@grpc/proto-loader" */

/**
 * The parts of a message's descriptor that are looked at here.
 *
 * @typedef {{ name: string, type: string, typeName: string, label: string }} Field
 * @typedef {{ field: Field[], oneofDecl: { name: string }[] }} Message
 * @typedef {{ value: { name: string, number: number }[] }} Enumeration
 */

/**
 * The bytes of a request for an rpc.
 *
 * @param {MethodDefinition<object, object>} method
 * @param {object} request
 * @returns {Buffer}
 * @throws {TypeError} Something in it is not the contract's; the message names the field.
 */
export function encoded(method, request) {
  checkMessage(/** @type {Message} */ (method.requestType.type), request, "");
  return method.requestSerialize(request);
}

/**
 * @param {Message} message
 * @param {unknown} value
 * @param {string} path
 */
function checkMessage(message, value, path) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal(path, "an object", value);
  }
  for (const [name, given] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name;
    const field = message.field.find((each) => each.name === name);
    if (field) {
      checkField(field, given, at);
    } else if (!isChoice(message, name, given, value)) {
      throw new TypeError(`${at}: the contract has no such field${hint(message, name)}`);
    }
  }
}

/**
 * Whether this is the name of the field that was chosen among several, as answers carry it.
 *
 * @param {Message} message
 * @param {string} name
 * @param {unknown} given
 * @param {object} value
 */
function isChoice(message, name, given, value) {
  if (!message.oneofDecl.some((each) => each.name === name)) return false;
  return given === undefined || Reflect.get(value, String(given)) != null;
}

/**
 * @param {Message} message
 * @param {string} name
 */
function hint(message, name) {
  const meant = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return message.field.some((each) => each.name === meant) ? `; is it ${meant}?` : "";
}

/**
 * @param {Field} field
 * @param {unknown} given
 * @param {string} path
 */
function checkField(field, given, path) {
  if (given === undefined || given === null) return; // not set
  if (field.label !== "LABEL_REPEATED") {
    checkValue(field, given, path);
  } else if (Array.isArray(given)) {
    given.forEach((each, index) => checkValue(field, each, `${path}[${index}]`));
  } else {
    throw refusal(path, "a list", given);
  }
}

/**
 * @param {Field} field
 * @param {unknown} given
 * @param {string} path
 */
function checkValue(field, given, path) {
  switch (field.type) {
    case "TYPE_STRING":
      if (typeof given !== "string") throw refusal(path, "a text in quotes", given);
      if (!given.isWellFormed()) throw refusal(path, "a text of whole characters", given);
      break;
    case "TYPE_BOOL":
      if (typeof given !== "boolean") throw refusal(path, "true or false", given);
      break;
    case "TYPE_INT32":
    case "TYPE_INT64":
      if (!isWhole(given, field.type)) throw refusal(path, "a whole number", given);
      break;
    case "TYPE_ENUM":
      checkEnumeration(field, given, path);
      break;
    case "TYPE_MESSAGE": {
      const kind = definition(field.typeName);
      if (!kind) throw new TypeError(`${path}: ${field.typeName} is not known to this client`);
      checkMessage(/** @type {Message} */ (kind.type), given, path);
      break;
    }
    default:
      throw new TypeError(`${path}: ${field.type} is not known to this client`);
  }
}

/**
 * @param {unknown} given
 * @param {string} type
 */
function isWhole(given, type) {
  const number = typeof given === "string" && /^-?\d+$/.test(given) ? Number(given) : given;
  if (type === "TYPE_INT64") return Number.isSafeInteger(number);
  return number === given && Number.isInteger(number) && Math.abs(Number(number)) < 2 ** 31;
}

/**
 * @param {Field} field
 * @param {unknown} given
 * @param {string} path
 */
function checkEnumeration(field, given, path) {
  const kind = /** @type {Enumeration | undefined} */ (definition(field.typeName)?.type);
  const values = kind?.value ?? [];
  if (!values.some((each) => each.name === given || each.number === given)) {
    throw refusal(path, `one of ${values.map((each) => each.name).join(", ")}`, given);
  }
}

/**
 * @param {string} path
 * @param {string} expected
 * @param {unknown} given
 */
function refusal(path, expected, given) {
  const kind = Array.isArray(given) ? "list" : given === null ? "null" : typeof given;
  return new TypeError(`${path || "the request"}: expected ${expected}, got ${kind}`);
}
