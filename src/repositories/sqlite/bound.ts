import { type SQL, sql } from 'drizzle-orm';

/** A named parameter of a prepared statement, usable wherever drizzle takes SQL. */
export const bound = <T>(name: string): SQL<T> => sql<T>`${sql.placeholder(name)}`;
