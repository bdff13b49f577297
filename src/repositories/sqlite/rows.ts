import { eq, fillPlaceholders, type Query, type SQL, sql } from 'drizzle-orm';
import type { ClaimedTask, StoredFields, StoredTask } from '../../core/task.js';
import type { TaskPart } from '../../core/task-field.js';
import { fieldsIn, type NamedTaskField } from '../../core/task-fields.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { Claimer } from '../lease-repository.js';

type Columns<Task> = { [Name in keyof Task & keyof typeof tasks]: (typeof tasks)[Name] };

/** The columns of some fields of a task, by name, in the order of the list. */
export const columnsOf = <Part extends TaskPart>(...parts: Part[]): Columns<StoredFields<Part>> =>
  Object.fromEntries(
    fieldsIn(...parts).map(({ name }) => [name, tasks[name as keyof Columns<StoredFields<Part>>]]),
  ) as Columns<StoredFields<Part>>;

/** The columns of a `StoredTask`, in the order of the resource. */
export const taskColumns = columnsOf('stored');

/** The columns returned by a claim. */
export const claimedColumns = {
  ...taskColumns,
  ...columnsOf('claim'),
  // Without the table's name: the columns of the joined `claimed` have other names, and the values are the new ones.
  leaseToken: sql<string>`lease_token`,
  leaseMs: sql<number>`lease_ms`,
};

/** The bare values of those columns: they pass between threads without the names. The id comes first. */
export type ClaimedRow = [id: number, ...values: unknown[]];

export const toClaimedTasks = rowMapper<ClaimedTask>(claimedColumns);

/** Reads one task by its id. One at a time costs hardly more than many, and lets a reader of many stop early. */
export function taskReader(connection: Connection): (id: number) => StoredTask | undefined {
  const toTasks = rowMapper<StoredTask>(taskColumns);
  const find = bareRows(
    connection,
    connection.db
      .select(taskColumns)
      .from(tasks)
      .where(eq(tasks.id, bound('id'))),
  );
  return (id) => {
    const row = find.first({ id });
    return row && toTasks([row])[0];
  };
}

type Row = unknown[];
type Values = Record<string, unknown>;

/** A query whose bare rows are read one at a time, so that readers can stop early; drizzle would read all. */
export interface BareRows {
  first(values: Values): Row | undefined;
  /** No other statement runs on the connection until all are read, or the reader has stopped. */
  each(values: Values): Iterable<Row>;
}

export function bareRows({ client }: Connection, query: { toSQL(): Query }): BareRows {
  const { sql, params } = query.toSQL();
  const statement = client.prepare<unknown[], Row>(sql).raw();
  return {
    first: (values) => statement.get(...fillPlaceholders(params, values)),
    each: (values) => statement.iterate(...fillPlaceholders(params, values)),
  };
}

/**
 * Maps the bare rows of a prepared statement's `values()` to objects. Drizzle's own mapping takes several times as long
 * as reading the row; this one is for the columns named by `fields`, in their order, whose values need no conversion.
 */
export function rowMapper<Row extends object>(
  fields: { [Name in keyof Row]: unknown },
): (rows: readonly unknown[][]) => Row[] {
  const names = Object.keys(fields) as (keyof Row)[];
  // An object with all members: a copy of it is filled faster than an empty one.
  const unfilled = Object.fromEntries(names.map((name) => [name, null])) as Row;
  const toRow = (values: readonly unknown[]): Row => {
    const row = { ...unfilled };
    for (let at = 0; at < names.length; at++) row[names[at] as keyof Row] = values[at] as Row[keyof Row];
    return row;
  };
  return (rows) => rows.map(toRow);
}

/** A named parameter of a prepared statement, usable wherever drizzle takes SQL. */
export const bound = <T>(name: string): SQL<T> => sql<T>`${sql.placeholder(name)}`;

/** A parameter per field, by its name, for inserts. */
export const boundFields = (fields: readonly NamedTaskField[]) =>
  Object.fromEntries(fields.map(({ name }) => [name, bound(name)])) as unknown as typeof tasks.$inferInsert;

/** The claimer in a worker's row. */
export const claimerOf = ({
  types,
  capabilities,
}: {
  types: string | null;
  capabilities: string;
}): Claimer => ({
  types: types === null ? null : JSON.parse(types),
  capabilities: JSON.parse(capabilities),
});
