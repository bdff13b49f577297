import { existsSync } from 'node:fs';
import type { Clock } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import { databasePath, IN_MEMORY, makeFolderOf } from '../db/sqlite/database-file.js';
import { TemporaryWriter } from '../db/sqlite/inline-writer.js';
import type { KeyAdministration } from '../repositories/key-repository.js';
import { keyAdministration } from '../repositories/shared/key-administration.js';
import { keyLister } from '../repositories/sqlite/key-repository.js';
import { keyOperations } from '../repositories/sqlite/operations/keys.js';
import { upgradeSqliteFile } from './upgrade.js';

/** Creates or upgrades the file, so that the first key can exist before the first server. */
function prepareFile(file: string, createFolder: boolean): void {
  if (createFolder) makeFolderOf(file);
  upgradeSqliteFile({ file, durability: 'full' });
}

/** Throws `UserError` if there is no file, or only a database in memory. */
function assertDatabaseFile(file: string, isToBeMade: boolean): void {
  if (file === IN_MEMORY)
    throw new UserError('A database in memory has no keys: name a file with --database.');
  if (isToBeMade || existsSync(file)) return;
  throw new UserError(`There is no database file ${file}: set the one that the server uses with --database.`);
}

/** The keys of a database file, which `create` creates if missing. Throws `UserError` if it cannot be used. */
export function administerSqliteKeys(
  database: string,
  { clock, create, createFolder }: { clock: Clock; create: boolean; createFolder: boolean },
): KeyAdministration {
  const file = databasePath(database);
  assertDatabaseFile(file, create);
  prepareFile(file, createFolder);
  const writer = new TemporaryWriter(file, keyOperations, clock);
  const list = keyLister(writer.connection);
  return keyAdministration({
    list: async () => list(),
    create: async ({ scopes, ...key }, actor) =>
      writer.run('createKey', { ...key, scopes: JSON.stringify(scopes) }, actor),
    revoke: async (name, actor) => writer.run('revokeKey', { name }, actor),
    rotate: async (name, hash, actor) => writer.run('rotateKey', { name, hash }, actor),
    close: async () => writer.close(),
  });
}
