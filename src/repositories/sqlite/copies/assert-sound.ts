import { UserError } from '../../../core/errors.js';
import { type Connection, openForReading } from '../../../db/sqlite/connection.js';
import { migrationsOf } from '../../../db/sqlite/migrate.js';
import { assertOurs } from '../../../db/sqlite/ownership.js';
import { someOf } from '../doctor/check.js';
import { findDamage, findOrphans, saysDamaged } from '../find-damage.js';
import { recount } from '../recount.js';

const countTasks = ({ client }: Connection): number =>
  Number(client.prepare('select count(*) from tasks').pluck().get());

/** How many migrations it has had. Throws {@link UserError} for a newer file, by the name that people know. */
function appliedTo({ client }: Connection, name: string): number {
  try {
    return migrationsOf(client).applied;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(cause.message.replace(client.name, name), { cause });
  }
}

/** Throws what `look` finds wrong with a queue of ours, of this version or an older one; returns how many tasks it has. */
function examine(file: string, name: string, look: (connection: Connection) => string[]): number {
  const connection = openForReading(file);
  try {
    assertOurs(connection.client);
    if (appliedTo(connection, name) === 0) throw new UserError(`There is no queue in ${name}.`);
    const wrong = look(connection);
    if (wrong.length === 0) return countTasks(connection);
    throw new UserError(`${name} is not sound: ${someOf(wrong)}. "spoolite doctor" says what to do.`);
  } catch (error) {
    if (saysDamaged(error)) throw new UserError(`${name} is damaged.`, { cause: error });
    throw error;
  } finally {
    connection.client.close();
  }
}

const miscounts = (connection: Connection): string[] =>
  recount(connection).map(({ counter }) => `the count of ${counter} is wrong`);

/**
 * Throws {@link UserError} unless a file is a whole queue whose counters agree with its tasks. `name` is what people know
 * it by. Returns how many tasks it has.
 */
export const assertSound = (file: string, name: string): number =>
  examine(file, name, (connection) => {
    const damage = [...findDamage(connection), ...findOrphans(connection)];
    return damage.length > 0 ? damage : miscounts(connection);
  });

/** The same, whatever its counters say. */
export const assertUndamaged = (file: string, name: string): number => examine(file, name, findDamage);
