import { type Connection, openForReading } from '../../../db/sqlite/connection.js';
import { migrationsOf } from '../../../db/sqlite/migrate.js';
import { assertOurs } from '../../../db/sqlite/ownership.js';
import { StartupError } from '../../../domain/startup-error.js';
import { auditSqliteFile } from '../audit-sqlite-file.js';
import { someOf } from '../doctor/check.js';

function assertQueue({ client }: Connection, name: string): void {
  assertOurs(client);
  if (migrationsOf(client).applied === 0) throw new StartupError(`There is no queue in ${name}.`);
}

/**
 * Throws {@link StartupError} unless a file is a whole queue of ours, of this version or an older one, whose counters agree
 * with its tasks. `name` is what people know it by. Returns how many tasks it has.
 */
export function assertSound(file: string, name = file): number {
  const connection = openForReading(file);
  try {
    assertQueue(connection, name);
    const { damage, miscounts } = auditSqliteFile(file);
    const wrong = [...damage, ...miscounts.map(({ counter }) => `the count of ${counter} is wrong`)];
    if (wrong.length > 0)
      throw new StartupError(`${name} is not sound: ${someOf(wrong)}. "spoolite doctor" says what to do.`);
    return Number(connection.client.prepare('select count(*) from tasks').pluck().get());
  } finally {
    connection.client.close();
  }
}
