import { existsSync } from 'node:fs';
import { hashOf, newToken } from '../../core/api-key.js';
import type { Clock } from '../../core/clock.js';
import { UserError } from '../../core/errors.js';
import { IN_MEMORY } from '../../core/paths.js';
import { databasePath } from '../../db/sqlite/database-path.js';
import { makeFolderOf } from '../../db/sqlite/usable-path.js';
import { OneOffWriter } from '../../db/sqlite/writer/one-off-writer.js';
import type { KeyAdministration } from '../key-administration.js';
import { keyOperations } from './operations/keys.js';
import { keyLister } from './sqlite-key-repository.js';
import { upgradeSqliteFile } from './upgrade-sqlite-file.js';

/** Makes the file, or brings it to this version, so that the first key can be there before the first server. */
function prepare(file: string, createFolder: boolean): void {
  if (createFolder) makeFolderOf(file);
  upgradeSqliteFile({ file, durability: 'full' });
}

/** Throws `StartupError` where there is no file, or none that another process could see. */
function assertThere(file: string, isToBeMade: boolean): void {
  if (file === IN_MEMORY)
    throw new UserError('A database in memory has no keys: name a file with --database.');
  if (isToBeMade || existsSync(file)) return;
  throw new UserError(
    `There is no database file ${file}: name the one that the server uses with --database.`,
  );
}

/** The keys of a database file, which is made where `create` says so. Throws `StartupError` when it cannot be used. */
export function administerSqliteKeys(
  database: string,
  { clock, create, createFolder }: { clock: Clock; create: boolean; createFolder: boolean },
): KeyAdministration {
  const file = databasePath(database);
  assertThere(file, create);
  prepare(file, createFolder);
  const writer = new OneOffWriter(file, keyOperations, clock);
  const list = keyLister(writer.connection);
  const orRefuse = (done: boolean, name: string): void => {
    if (!done) throw new UserError(whyNot(name));
  };
  const whyNot = (name: string): string =>
    list().some((key) => key.name === name)
      ? `The key "${name}" is revoked, for good: create another under another name.`
      : `There is no key "${name}": "spoolite keys list" shows which there are.`;
  return {
    list: () => list().map(({ hash: _, ...key }) => key),
    create({ name, scopes, expiresAt }, by) {
      const token = newToken();
      const args = { name, scopes: JSON.stringify(scopes), expiresAt, hash: hashOf(token) };
      if (writer.run('createKey', args, by)) return token;
      throw new UserError(
        `There is a key "${name}", or was: the audit log knows it by that name. Choose another, or rotate it.`,
      );
    },
    revoke: (name, by) => orRefuse(writer.run('revokeKey', { name }, by), name),
    rotate(name, by) {
      const token = newToken();
      orRefuse(writer.run('rotateKey', { name, hash: hashOf(token) }, by), name);
      return token;
    },
    close: () => writer.close(),
  };
}
