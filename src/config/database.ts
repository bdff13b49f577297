const IN_MEMORY = ':memory:';

/** Whether an option names a database in memory instead of a file: private to one process, and gone with it. */
export const isInMemory = (database: string): boolean => database.trim() === IN_MEMORY;
