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

/** `folderMillis` of the last migration applied to the file; 0 for a new file. */
function appliedMillis(client: SqliteClient): number {
  const exists = numberFrom(client, `select count(*) from sqlite_schema where name = '${LOG_TABLE}'`) > 0;
  return exists ? numberFrom(client, `select coalesce(max(created_at), 0) from ${LOG_TABLE}`) : 0;
}

/** The migrations not yet applied to the file. */
function pendingOf(client: SqliteClient, migrations: readonly MigrationMeta[]): MigrationMeta[] {
  const applied = appliedMillis(client);
  if (applied > (migrations.at(-1)?.folderMillis ?? 0)) {
    throw new UserError(
      `${client.name} is of a newer version of Spoolite. Update the program; the file was left untouched.`,
    );
  }
  return migrations.filter(({ folderMillis }) => folderMillis > applied);
}

/**
 * How many of this program's migrations are applied to the file, and how many exist. Throws {@link UserError} for a
 * newer file.
 */
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

/** Whether the file has data worth a backup. */
const hasTasks = (client: SqliteClient): boolean =>
  numberFrom(client, "select count(*) from sqlite_schema where name = 'tasks'") > 0 &&
  numberFrom(client, 'select exists (select 1 from tasks)') > 0;

/**
 * Upgrades the file to this program's version. The pending migrations are read again under the write lock, so that
 * processes which start at once on one new file run them in turn (drizzle's own migrator reads only before, and may
 * fail then). `beforeUpgrade` is called under that lock if the file has tasks, and prevents the change by throwing. An
 * up-to-date file is only read: a start must not wait for a lock it does not need. Throws {@link UserError} for a file
 * of another program or of a newer version, without changing it.
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
