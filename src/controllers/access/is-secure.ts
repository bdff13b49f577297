import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/**
 * Whether the client reached us by https, here or before a proxy. Anybody may claim the latter: it only makes the client's own
 * cookie stricter, and its own next request safer.
 */
export const isSecure = (req: IncomingMessage): boolean =>
  (req.socket as TLSSocket).encrypted === true || req.headers['x-forwarded-proto'] === 'https';
