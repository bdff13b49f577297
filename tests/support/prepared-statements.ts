import Database from 'better-sqlite3';
import { ManualClock } from '../../src/domain/manual-clock.js';
import { openInMemory } from './sqlite-engines.js';

/** Every statement that the program prepares when it opens a storage: all it will ever run on tasks. */
export async function preparedStatements(): Promise<string[]> {
  const statements = new Set<string>();
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function record(this: Database.Database, sql: string) {
    statements.add(sql);
    return prepare.call(this, sql);
  } as typeof prepare;
  try {
    await openInMemory(new ManualClock()).close();
  } finally {
    Database.prototype.prepare = prepare;
  }
  return [...statements];
}
