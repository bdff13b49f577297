import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { SpooliteError } from '../core/errors.js';
import type { StoredKey } from '../repositories/key-repository.js';
import type { RequestSource } from './exchange.js';

const COOKIE = 'spoolite_session';

const LASTS_MS = 12 * 3_600_000;

const VALUE = /^(\d{1,15})\.(\d{1,15})\.([\w-]{43})$/;

const attributes = (isSecure: boolean): string =>
  `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;

/** The `Set-Cookie` header that signs out. */
export const endedSessionCookie = (isSecure: boolean): string =>
  `${COOKIE}=; Max-Age=0; ${attributes(isSecure)}`;

/** The content of a session's cookie. */
export interface Session {
  keyId: number;
  expiresAt: number;
  signature: string;
}

/** The session in a `Cookie` header; undefined if there is none. */
export function sessionIn(cookies: string | undefined): Session | undefined {
  const value = cookies
    ?.split(';')
    .map((cookie) => cookie.trim())
    .find((cookie) => cookie.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
  const [, keyId, expiresAt, signature] = VALUE.exec(value ?? '') ?? [];
  if (signature === undefined) return undefined;
  return { keyId: Number(keyId), expiresAt: Number(expiresAt), signature };
}

/** Signs and verifies sessions. The secret is in no file: a copy of the database is not enough to sign a session. */
export class Sessions {
  readonly #secret: string | Buffer;

  /** Servers with the same secret accept each other's sessions; without one, sessions end with the process. */
  constructor(secret: string | undefined) {
    this.#secret = secret ?? randomBytes(32);
  }

  /** The `Set-Cookie` header that signs in with a key. `now` is milliseconds since 1970 UTC. */
  cookieFor(key: StoredKey, now: number, isSecure: boolean): string {
    const expiresAt = Math.min(now + LASTS_MS, key.expiresAt ?? Number.POSITIVE_INFINITY);
    const seconds = Math.max(Math.floor((expiresAt - now) / 1000), 0);
    const value = `${key.id}.${expiresAt}.${this.#signature(key, expiresAt)}`;
    return `${COOKIE}=${value}; Max-Age=${seconds}; ${attributes(isSecure)}`;
  }

  /** Whether the session was signed in with this key; it may have expired. */
  isOf(key: StoredKey, { expiresAt, signature }: Session): boolean {
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#signature(key, expiresAt)));
  }

  /** The stored hash of the key's token is signed too: a new token ends earlier sessions. */
  #signature({ id, hash }: StoredKey, expiresAt: number): string {
    return createHmac('sha256', this.#secret)
      .update(`session ${id} ${hash} ${expiresAt}`)
      .digest('base64url');
  }
}

const OURS = /^bearer(?: |$)/i;
const BEARER = /^bearer +(\S+) *$/i;

/** The token in a request's headers; undefined if there is none. Throws UNAUTHENTICATED if it is ambiguous. */
export function bearerToken({ headers }: RequestSource): string | undefined {
  const { authorization, 'x-api-key': apiKey } = headers;
  // Other schemes are for a proxy in front of this server.
  if (authorization === undefined || !OURS.test(authorization))
    return typeof apiKey === 'string' ? apiKey : undefined;
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw new SpooliteError('UNAUTHENTICATED', 'The Authorization header must be "Bearer <key>"');
  }
  if (apiKey === undefined || apiKey === token) return token;
  throw new SpooliteError('UNAUTHENTICATED', 'Authorization and X-API-Key differ: send only one of them');
}
