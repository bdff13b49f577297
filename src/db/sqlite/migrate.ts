import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { UserError } from '../../core/errors.js';
import { packageFile } from '../../core/paths.js';
import type { SqliteClient } from './connection.js';
import { assertOurs, markAsOurs } from './database-file.js';
import { withUserErrors } from './errors.js';

const readMigrations = (): MigrationMeta[] =>
  readMigrationFiles({ migrationsFolder: packageFile('drizzle/sqlite') });

const LOG_TABLE = '__drizzle_migrations';

const numberFrom = (client: SqliteClient, sql: string): number => Number(client.prepare(sql).pluck().get());

/** `folderMillis` of the last migration that the file has had; 0 for a new file. */
function appliedMillis(client: SqliteClient): number {
  const exists = numberFrom(client, `select count(*) from sqlite_schema where name = '${LOG_TABLE}'`) > 0;
  return exists ? numberFrom(client, `select coalesce(max(created_at), 0) from ${LOG_TABLE}`) : 0;
}

/** The migrations that the file has not had. */
function pendingOf(client: SqliteClient, migrations: readonly MigrationMeta[]): MigrationMeta[] {
  const applied = appliedMillis(client);
  if (applied > (migrations.at(-1)?.folderMillis ?? 0)) {
    throw new UserError(
      `${client.name} is of a newer version of Spoolite. Update the program; the file was left untouched.`,
    );
  }
  return migrations.filter(({ folderMillis }) => folderMillis > applied);
}

/** How many of this program's migrations the file has had, and how many there are. Throws {@link UserError} for a newer file. */
export function migrationsOf(client: SqliteClient): { applied: number; all: number } {
  const migrations = readMigrations();
  const all = migrations.length;
  return { applied: all - pendingOf(client, migrations).length, all };
}

function apply(client: SqliteClient, migration: MigrationMeta): void {
  for (const statement of migration.sql) client.exec(statement);
  client
    .prepare(`insert into ${LOG_TABLE} (hash, created_at) values (?, ?)`)
    .run(migration.hash, migration.folderMillis);
}

/** Whether there is something to lose. */
const hasTasks = (client: SqliteClient): boolean =>
  numberFrom(client, "select count(*) from sqlite_schema where name = 'tasks'") > 0 &&
  numberFrom(client, 'select exists (select 1 from tasks)') > 0;

/**
 * Brings the file to this program's version. What is to be done is looked at again under the write lock, so that
 * processes which start at once on one new file do it one after the other (drizzle's own migrator looks first only, and
 * may fail then). `beforeUpgrade` is called under that lock where the file has tasks already, and keeps it from being changed
 * by throwing. A file that is up to date is only read: a start must not wait for a lock it does not need.
 * Throws {@link UserError} for a file of another program or of a newer version; such a file is not changed.
 */
export function migrate(client: SqliteClient, beforeUpgrade = () => {}): void {
  const migrations = readMigrations();
  const upgrade = client.transaction(() => {
    assertOurs(client);
    client.exec(
      `create table if not exists ${LOG_TABLE} (id integer primary key, hash text not null, created_at integer)`,
    );
    const pending = pendingOf(client, migrations);
    if (pending.length > 0 && hasTasks(client)) beforeUpgrade();
    for (const migration of pending) apply(client, migration);
    markAsOurs(client);
  });
  withUserErrors(client.name, () => {
    if (pendingOf(client, migrations).length > 0) upgrade.immediate();
  });
}
