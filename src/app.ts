/** The composition root: what is put together in `app/`, for commands and for the library. Nothing else builds the objects. */

export { type App, createApp } from './app/create-app.js';
export { createQueue, type OpenQueue } from './app/create-queue.js';
export { createWorker, type StandaloneWorker, type StandaloneWorkerOptions } from './app/create-worker.js';
export { administerKeys, examineDatabase, repairDatabase } from './app/file-tools.js';
export type { AppOptions, StartOptions, StorageOptions } from './app/options.js';
export type { Audit, Miscount, TaskHistory } from './repositories/audit.js';
export type { KeyAdministration } from './repositories/key-administration.js';
/** For whoever examines a database file: its state and its counters; every task with its log. Both only read. */
export { auditSqliteFile as auditDatabase } from './repositories/sqlite/audit-sqlite-file.js';
export { backUpSqliteFile as backUpDatabase } from './repositories/sqlite/copies/back-up-sqlite-file.js';
export { exportTasks as exportDatabase } from './repositories/sqlite/copies/export-tasks.js';
export { importTasks as importIntoDatabase } from './repositories/sqlite/copies/import-tasks.js';
export { restoreSqliteFile as restoreDatabase } from './repositories/sqlite/copies/restore-sqlite-file.js';
/** For the commands that copy a database, put a copy in its place, and carry tasks from one to another. */
export { writeNewFile } from './repositories/sqlite/copies/write-new-file.js';
export { readSqliteHistories as readHistories } from './repositories/sqlite/read-sqlite-histories.js';
