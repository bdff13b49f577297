/** In place of a database file: a database in memory, for one process, gone with it. */
export const IN_MEMORY = ':memory:';
