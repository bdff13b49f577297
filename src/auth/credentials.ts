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

/** What a session's cookie says. */
export interface Session {
  keyId: number;
  expiresAt: number;
  signature: string;
}

/** The session in a `Cookie` header; undefined where there is none. */
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

/**
 * Signs sessions and knows its own again. The secret is in no file: whoever reads a copy of the database can sign no session
 * with what he finds there.
 */
export class Sessions {
  readonly #secret: string | Buffer;

  /** Servers with the same secret know each other's sessions; without one they end with the process. */
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

  /** Whether the session was signed in with this key; it may be over. */
  isOf(key: StoredKey, { expiresAt, signature }: Session): boolean {
    return timingSafeEqual(Buffer.from(signature), Buffer.from(this.#signature(key, expiresAt)));
  }

  /** What is stored of the key's token is signed too: another token ends the sessions of the one before. */
  #signature({ id, hash }: StoredKey, expiresAt: number): string {
    return createHmac('sha256', this.#secret)
      .update(`session ${id} ${hash} ${expiresAt}`)
      .digest('base64url');
  }
}

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
