const IN_MEMORY = ':memory:';

/** Whether an option asks for a database in memory in place of a file: for one process, gone with it. */
export const isInMemory = (database: string): boolean => database.trim() === IN_MEMORY;
