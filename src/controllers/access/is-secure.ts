import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** What the proxy nearest to the client has said: each one behind it may add its own. */
const first = (header: string | string[] | undefined): string =>
  String(header ?? '')
    .split(',')[0]
    ?.trim() ?? '';

/**
 * Whether the client reached us by https, here or before a proxy. Anybody may claim the latter: it only makes the client's own
 * cookie stricter, and its own next request safer.
 */
export const isSecure = (req: IncomingMessage): boolean =>
  (req.socket as TLSSocket).encrypted === true || first(req.headers['x-forwarded-proto']) === 'https';
