import { SpooliteError } from '../../domain/spoolite-error.js';
import type { RequestSource } from './request-source.js';

const OURS = /^bearer(?: |$)/i;
const BEARER = /^bearer +(\S+) *$/i;

/** The token that a request carries in a header; undefined where there is none. Throws UNAUTHENTICATED where it is unclear. */
export function bearerToken({ headers }: RequestSource): string | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  // Other schemes are for a proxy before us.
  if (authorization === undefined || !OURS.test(authorization))
    return typeof apiKey === 'string' ? apiKey : undefined;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw new SpooliteError('UNAUTHENTICATED', 'The Authorization header must be "Bearer <key>"');
  }
  if (apiKey === undefined || apiKey === token) return token;
  throw new SpooliteError('UNAUTHENTICATED', 'Authorization and X-API-Key differ: send only one of them');
}
