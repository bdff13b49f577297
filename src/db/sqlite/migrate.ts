import { fileURLToPath } from 'node:url';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { StartupError } from '../../domain/startup-error.js';
import type { SqliteClient } from './connection.js';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../../drizzle/sqlite', import.meta.url));

/** Marks a file as Spoolite's ("SPOO"), https://www.sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x53504f4f;

const numberFrom = (client: SqliteClient, sql: string): number => Number(client.prepare(sql).pluck().get());

function assertOurs(client: SqliteClient): void {
  const tables = numberFrom(client, "select count(*) from sqlite_schema where type = 'table'");
  const id = numberFrom(client, 'select application_id from pragma_application_id');
  if (tables > 0 && id !== APPLICATION_ID) {
    throw new StartupError(
      'The database belongs to another program. It was left untouched: name another file.',
    );
  }
}

function appliedMillis(client: SqliteClient): number {
  client.exec(
    'create table if not exists __drizzle_migrations (id integer primary key, hash text not null, created_at integer)',
  );
  return numberFrom(client, 'select coalesce(max(created_at), 0) from __drizzle_migrations');
}

function apply(client: SqliteClient, migration: MigrationMeta): void {
  for (const statement of migration.sql) client.exec(statement);
  client
    .prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)')
    .run(migration.hash, migration.folderMillis);
}

/**
 * Brings the file to this program's version. The write lock is taken before looking, so that processes which start
 * at once on one new file do it one after the other (drizzle's own migrator looks first, and may fail then).
 * Throws {@link StartupError} for a file of another program or of a newer version; such a file is not changed.
 */
export function migrate(client: SqliteClient): void {
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER });
  const newest = migrations.at(-1)?.folderMillis ?? 0;
  const upgrade = client.transaction(() => {
    assertOurs(client);
    const applied = appliedMillis(client);
    if (applied > newest) {
      throw new StartupError(
        'The database is of a newer version of Spoolite. Update the program; the file was left untouched.',
      );
    }
    for (const migration of migrations.filter((m) => m.folderMillis > applied)) apply(client, migration);
    client.pragma(`application_id = ${APPLICATION_ID}`);
  });
  upgrade.immediate();
}
