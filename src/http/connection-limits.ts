import type { ServerOptions } from 'node:http';
import { SERVER } from '../config/server-options.js';

/** Limits of a connection, so that idle or slow clients do not occupy it. Times are in milliseconds. */
export interface ConnectionLimits {
  /** Concurrent connections; further ones are closed at once. */
  most: number;
  /** Bytes of a request line and its headers. */
  headBytes: number;
  /** For the headers of a request, from its first byte or the start of the connection. */
  headMs: number;
  /** For the whole request. */
  requestMs: number;
  /** Without progress while a request is answered. More than the longest long poll, and than a stream's heartbeat. */
  silentMs: number;
  /** Silence of a new connection before node's timeout for headers begins. */
  silentStartMs: number;
  /** Between two requests. Longer than any `Retry-After` that advises when to poll. */
  idleMs: number;
  /** Between two checks for slow requests. */
  lookMs: number;
}

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
 * The announced `idleMs`: less, so that a client that honours it never sends a request on a connection that is being
 * closed.
 */
export const announcedIdleMs = ({ idleMs }: Pick<ConnectionLimits, 'idleMs'>): number =>
  Math.floor((idleMs * 14) / 15);

/** The same for node's http server, which itself replies 408 to late requests and 431 to long headers. */
export const serverOptionsOf = (limits: ConnectionLimits): ServerOptions => ({
  maxHeaderSize: limits.headBytes,
  headersTimeout: limits.headMs,
  requestTimeout: limits.requestMs,
  // Node announces this value; the server keeps the connection longer.
  keepAliveTimeout: announcedIdleMs(limits),
  connectionsCheckingInterval: limits.lookMs,
});
