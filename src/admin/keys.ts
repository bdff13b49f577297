import { existsSync } from 'node:fs';
import { hashOf, newToken } from '../core/api-key.js';
import type { Clock } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import { databasePath, IN_MEMORY, makeFolderOf } from '../db/sqlite/database-file.js';
import { TemporaryWriter } from '../db/sqlite/inline-writer.js';
import type { KeyAdministration } from '../repositories/key-repository.js';
import { keyLister } from '../repositories/sqlite/key-repository.js';
import { keyOperations } from '../repositories/sqlite/operations/keys.js';
import { upgradeSqliteFile } from './upgrade.js';

/** Makes the file, or brings it to this version, so that the first key can be there before the first server. */
function prepareFile(file: string, createFolder: boolean): void {
  if (createFolder) makeFolderOf(file);
  upgradeSqliteFile({ file, durability: 'full' });
}

/** Throws `UserError` where there is no file, or none that another process could see. */
function assertDatabaseFile(file: string, isToBeMade: boolean): void {
  if (file === IN_MEMORY)
    throw new UserError('A database in memory has no keys: name a file with --database.');
  if (isToBeMade || existsSync(file)) return;
  throw new UserError(`There is no database file ${file}: set the one that the server uses with --database.`);
}

/** The keys of a database file, which is made where `create` says so. Throws `UserError` when it cannot be used. */
export function administerSqliteKeys(
  database: string,
  { clock, create, createFolder }: { clock: Clock; create: boolean; createFolder: boolean },
): KeyAdministration {
  const file = databasePath(database);
  assertDatabaseFile(file, create);
  prepareFile(file, createFolder);
  const writer = new TemporaryWriter(file, keyOperations, clock);
  const list = keyLister(writer.connection);
  const orRefuse = (done: boolean, name: string): void => {
    if (!done) throw new UserError(whyNot(name));
  };
  const whyNot = (name: string): string =>
    list().some((key) => key.name === name)
      ? `The key "${name}" is revoked permanently: create a new key with another name.`
      : `There is no key "${name}": "spoolite keys list" shows the existing ones.`;
  return {
    list: async () => list().map(({ hash: _, ...key }) => key),
    async create({ name, scopes, expiresAt }, actor) {
      const token = newToken();
      const args = { name, scopes: JSON.stringify(scopes), expiresAt, hash: hashOf(token) };
      if (writer.run('createKey', args, actor)) return token;
      throw new UserError(
        `A key "${name}" exists or existed: the audit log refers to it by name. Choose another name, or rotate the key.`,
      );
    },
    revoke: async (name, actor) => orRefuse(writer.run('revokeKey', { name }, actor), name),
    async rotate(name, actor) {
      const token = newToken();
      orRefuse(writer.run('rotateKey', { name, hash: hashOf(token) }, actor), name);
      return token;
    },
    close: async () => writer.close(),
  };
}
