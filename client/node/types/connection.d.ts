/** How a client reaches the server and says who it is: in the clear or by TLS, with a token or a certificate. */
import { Metadata } from "@grpc/grpc-js";
export type Connection = {
    /**
     * Says who calls.
     */
    token?: string | undefined;
    /**
     * Connect by TLS, and trust whom Node trusts.
     */
    tls?: boolean | undefined;
    /**
     * The PEM file of the authority to trust instead; implies `tls`.
     */
    ca?: string | URL | undefined;
    /**
     * The client's own, a PEM file, where the server asks for
     * one; implies `tls`.
     */
    certificate?: string | URL | undefined;
    /**
     * The certificate's key, a PEM file.
     */
    key?: string | URL | undefined;
};
/**
 * The channel's credentials.
 *
 * @param {string} server
 * @param {Connection} connection
 * @throws {TypeError} What was chosen does not fit together, or would give the token away; it says what to do.
 * @throws {Error} A file cannot be read.
 */
export declare function credentialsFor(server: string, connection: Connection): import("@grpc/grpc-js").ChannelCredentials;
/**
 * What each call carries: the token.
 *
 * Not as gRPC's call credentials: those refuse a connection in the clear, also within one machine.
 *
 * @param {Connection} connection
 */
export declare function metadataOf({ token }: Connection): Metadata;
