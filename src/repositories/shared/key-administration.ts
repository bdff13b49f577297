import type { Actor } from '../../core/access.js';
import { hashOf, newToken } from '../../core/api-key.js';
import { UserError } from '../../core/errors.js';
import type { KeyAdministration, NewKey, StoredKey } from '../key-repository.js';

/** An engine's operations on keys. Each change returns whether it succeeded. */
export interface KeyStore {
  list(): Promise<StoredKey[]>;
  create(key: NewKey & { hash: string }, actor: Actor): Promise<boolean>;
  revoke(name: string, actor: Actor): Promise<boolean>;
  rotate(name: string, hash: string, actor: Actor): Promise<boolean>;
  close(): Promise<void>;
}

/** Generates tokens and explains refusals; only the hash of a token is stored. */
export function keyAdministration(store: KeyStore): KeyAdministration {
  const whyNot = async (name: string): Promise<string> =>
    (await store.list()).some((key) => key.name === name)
      ? `The key "${name}" is revoked permanently: create a new key with another name.`
      : `There is no key "${name}": "spoolite keys list" shows the existing ones.`;
  return {
    list: async () => (await store.list()).map(({ hash: _, ...key }) => key),
    async create(key, actor) {
      const token = newToken();
      if (await store.create({ ...key, hash: hashOf(token) }, actor)) return token;
      throw new UserError(
        `A key "${key.name}" exists or existed: the audit log refers to it by name. Choose another name, or rotate the key.`,
      );
    },
    async revoke(name, actor) {
      if (!(await store.revoke(name, actor))) throw new UserError(await whyNot(name));
    },
    async rotate(name, actor) {
      const token = newToken();
      if (await store.rotate(name, hashOf(token), actor)) return token;
      throw new UserError(await whyNot(name));
    },
    close: () => store.close(),
  };
}
