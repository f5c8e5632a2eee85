/**
 * Prints the contract in protobufjs' own JSON, in which proto-loader takes it.
 *
 *     node scripts/contract_json.mjs INCLUDE… -- FILE…
 *
 * protoc's descriptors will not do: read back from them, a map is a list of entries.
 */

import { existsSync } from "node:fs";
import { join } from "node:path";

import protobuf from "protobufjs";

const given = process.argv.slice(2);
const includes = given.slice(0, given.indexOf("--"));
const files = given.slice(given.indexOf("--") + 1);

const root = new protobuf.Root();
// What is found nowhere is one of those that protobufjs brings along, like google/protobuf/timestamp.proto.
root.resolvePath = (_, name) => includes.map((each) => join(each, name)).find(existsSync) ?? name;
root.loadSync(files, { keepCase: true });
console.log(JSON.stringify(root.resolveAll().toJSON(), null, 1));
