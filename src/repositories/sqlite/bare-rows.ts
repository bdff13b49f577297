import { fillPlaceholders, type Query } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';

type Row = unknown[];
type Values = Record<string, unknown>;

/** A query whose bare rows are read one at a time, so that whoever reads them can stop; drizzle would read all. */
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
