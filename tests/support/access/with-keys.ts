import type { Caller } from '../../../src/domain/caller.js';
import type { Scope } from '../../../src/domain/scope.js';
import { type Clock, systemClock } from '../../../src/index.js';
import type { KeyAdministration } from '../../../src/repositories/key-administration.js';
import { administerSqliteKeys } from '../../../src/repositories/sqlite/administer-sqlite-keys.js';

/** Who makes keys in tests, as the audit log tells it. */
export const ADMINISTRATOR: Caller = { name: 'cli:test', address: null, requestId: null };

/** Does something with the keys of a file, as a command does that runs beside a server. */
export function withKeys<Result>(
  file: string,
  use: (keys: KeyAdministration) => Result,
  clock: Clock = systemClock,
): Result {
  const keys = administerSqliteKeys(file, { clock, create: false, createFolder: false });
  try {
    return use(keys);
  } finally {
    keys.close();
  }
}

/** A new key of these scopes, named after them unless it has a name; its token. */
export const makeKey = (
  file: string,
  scopes: Scope[],
  {
    name = scopes.join(' and '),
    expiresAt = null,
    clock,
  }: { name?: string; expiresAt?: number | null; clock?: Clock } = {},
): string => withKeys(file, (keys) => keys.create({ name, scopes, expiresAt }, ADMINISTRATOR), clock);
