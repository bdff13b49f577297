import type { ServerOptions } from 'node:http';
import { SERVER } from '../config/server-options.js';

/** What a connection may take, so that nobody keeps one for nothing. Times are in milliseconds. */
export interface ConnectionLimits {
  /** Connections at once; more are closed as they come. */
  most: number;
  /** Bytes of a request line and its headers. */
  headBytes: number;
  /** Until the headers of a request are there, from its first byte or the beginning of the connection. */
  headMs: number;
  /** Until the whole request is there. */
  requestMs: number;
  /** For which nothing moves while a request is answered. More than the longest long poll, and than the pause of a stream. */
  silentMs: number;
  /** For which a new connection may be silent before node's patience with a request's headers begins. */
  silentStartMs: number;
  /** For which a connection is kept between two requests. Longer than any `Retry-After` that advises when to poll. */
  idleMs: number;
  /** Between two looks for requests that take too long. */
  lookMs: number;
}

/** What holds unless it is said otherwise. */
export const CONNECTION_LIMITS: Readonly<ConnectionLimits> = Object.freeze({
  most: SERVER.maxConnections.default,
  headBytes: 16 * 1024,
  headMs: 20_000,
  requestMs: 120_000,
  silentMs: 120_000,
  silentStartMs: 5_000,
  idleMs: 75_000,
  lookMs: 2_000,
});

/**
 * What is announced of `idleMs`: less, so that a client that goes by it never sends a request on a connection which is being closed
 * at that moment.
 */
export const announcedIdleMs = ({ idleMs }: Pick<ConnectionLimits, 'idleMs'>): number =>
  Math.floor((idleMs * 14) / 15);

/** The same for node's http server; what is too late it answers itself with 408, what is too long with 431. */
export const serverOptionsOf = (limits: ConnectionLimits): ServerOptions => ({
  maxHeaderSize: limits.headBytes,
  headersTimeout: limits.headMs,
  requestTimeout: limits.requestMs,
  // Node announces what it is given here; the server then keeps the connection for longer.
  keepAliveTimeout: announcedIdleMs(limits),
  connectionsCheckingInterval: limits.lookMs,
});
