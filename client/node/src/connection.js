/** How a client reaches the server and says who it is: in the clear or by TLS, with a token or a certificate. */

import { readFileSync } from "node:fs";

import { credentials, Metadata } from "@grpc/grpc-js";

/**
 * All of it may be left out: then the client connects in the clear, without a name.
 *
 * @typedef {object} Connection
 * @property {string | undefined} [token] Says who calls.
 * @property {boolean | undefined} [tls] Connect by TLS, and trust whom Node trusts.
 * @property {string | URL | undefined} [ca] The PEM file of the authority to trust instead; implies `tls`.
 * @property {string | URL | undefined} [certificate] The client's own, a PEM file, where the server asks for
 *   one; implies `tls`.
 * @property {string | URL | undefined} [key] The certificate's key, a PEM file.
 */

const HERE = ["127.", "localhost:", "[::1]:", "unix:", "ipv4:127.", "ipv6:[::1]:"];

/**
 * The channel's credentials.
 *
 * @param {string} server
 * @param {Connection} connection
 * @throws {TypeError} What was chosen does not fit together, or would give the token away; it says what to do.
 * @throws {Error} A file cannot be read.
 */
export function credentialsFor(server, connection) {
  const { token, tls, ca, certificate, key } = connection;
  if (Boolean(certificate) !== Boolean(key)) {
    throw new TypeError("certificate and key belong together: name both files");
  }
  const byTls = Boolean(tls || ca || certificate);
  const here = server.split(",").every((one) => HERE.some((start) => one.startsWith(start)));
  if (token && !byTls && !here) {
    throw new TypeError(
      "the token would be sent in the clear, for everybody on the way to read: connect by TLS " +
        "(tls), or name the authority that signed the server's certificate (ca)",
    );
  }
  return byTls ? credentials.createSsl(read(ca), read(key), read(certificate)) : credentials.createInsecure();
}

/**
 * What each call carries: the token.
 *
 * Not as gRPC's call credentials: those refuse a connection in the clear, also within one machine.
 *
 * @param {Connection} connection
 */
export function metadataOf({ token }) {
  const metadata = new Metadata();
  if (token) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

/** @param {string | URL | undefined} file */
function read(file) {
  return file ? readFileSync(file) : null;
}
