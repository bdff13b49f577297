import { createHash, randomBytes } from 'node:crypto';
import { ANONYMOUS, COMMAND_LINE_PREFIX, type Scope } from './access.js';
import { TEXT_LIMITS } from './limits.js';

/** A key as its administrators see it; only its owner has the token. */
export interface ApiKey {
  id: number;
  name: string;
  scopes: Scope[];
  /** Instants are milliseconds since 1970 UTC. */
  createdAt: number;
  /** Null: never. */
  expiresAt: number | null;
  revokedAt: number | null;
  /** To the minute; null before the first use. */
  lastUsedAt: number | null;
}

/** Starts every token, so that people and secret scanners recognize one. */
const PREFIX = 'spool_';

const RANDOM_BYTES = 32;

const TOKEN = /^spool_[\w-]{43}$/;

/** 256 random bits. */
export const newToken = (): string => PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');

/** Whether a text has the form of a token. */
export const isToken = (text: string): boolean => TOKEN.test(text);

/** The stored form of a token. Its entropy equals the hash's, so salt or a slow hash would add nothing. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export const MAX_KEY_NAME = TEXT_LIMITS.keyName;

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]*$/u;

/** What is wrong with the name of a new key; undefined if nothing. */
export function keyNameProblem(name: string): string | undefined {
  if (name.length > MAX_KEY_NAME) return `must not be longer than ${MAX_KEY_NAME} characters`;
  if (!NAME.test(name))
    return 'must be of letters, digits, spaces and . _ @ -, and begin with a letter or digit';
  // Neither may be mistaken for a key in the audit log; names have no colon.
  if (name === ANONYMOUS) return `must not be "${ANONYMOUS}" (nor begin with "${COMMAND_LINE_PREFIX}")`;
  return undefined;
}
