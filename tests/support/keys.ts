import { administerKeys } from '../../src/app.js';
import type { Scope } from '../../src/domain/scope.js';

const BY = { name: 'cli:test', address: null, requestId: null };

function administered<T>(file: string, act: (keys: ReturnType<typeof administerKeys>) => T): T {
  const keys = administerKeys(file);
  try {
    return act(keys);
  } finally {
    keys.close();
  }
}

/** Keys of a database file, as the commands make and revoke them. */
export const keysOf = (file: string) => ({
  /** Returns the token. */
  create: (name: string, scopes: Scope[] = ['admin']): string =>
    administered(file, (keys) => keys.create({ name, scopes, expiresAt: null }, BY)),
  revoke: (name: string): void => administered(file, (keys) => keys.revoke(name, BY)),
});
