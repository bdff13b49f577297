export { backUpSqliteFile as backUpDatabase } from './back-up-sqlite-file.js';
export { exportTasks as exportDatabase } from './export-tasks.js';
export { importTasks as importIntoDatabase } from './import-tasks.js';
export { restoreSqliteFile as restoreDatabase } from './restore-sqlite-file.js';
export { writeNewFile } from './write-new-file.js';
