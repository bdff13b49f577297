import type { BackupPlan } from '../domain/backup-plan.js';
import { systemClock } from '../domain/clock.js';
import type { Finding } from '../domain/finding.js';
import { packageVersion } from '../domain/package-files.js';
import type { KeyAdministration } from '../repositories/key-administration.js';
import { administerSqliteKeys } from '../repositories/sqlite/administer-sqlite-keys.js';
import { examineSqliteFile } from '../repositories/sqlite/doctor/examine-sqlite-file.js';
import { repairSqliteFile } from '../repositories/sqlite/doctor/repair-sqlite-file.js';

export type { Audit, Miscount, TaskHistory } from '../repositories/audit.js';
export type { KeyAdministration } from '../repositories/key-administration.js';
/** For the examination of a database file: its state and its counters; every task with its log. Both only read. */
export { auditSqliteFile as auditDatabase } from '../repositories/sqlite/audit-sqlite-file.js';
export { backUpSqliteFile as backUpDatabase } from '../repositories/sqlite/copies/back-up-sqlite-file.js';
export { exportTasks as exportDatabase } from '../repositories/sqlite/copies/export-tasks.js';
export { importTasks as importIntoDatabase } from '../repositories/sqlite/copies/import-tasks.js';
export { restoreSqliteFile as restoreDatabase } from '../repositories/sqlite/copies/restore-sqlite-file.js';
/** For the commands that copy a database, put a copy in its place, and carry tasks from one to another. */
export { writeNewFile } from '../repositories/sqlite/copies/write-new-file.js';
export { readSqliteHistories as readHistories } from '../repositories/sqlite/read-sqlite-histories.js';

/** Looks at everything about a database file that can go wrong, and changes nothing. Throws `StartupError`. */
export const examineDatabase = (file: string, backups?: BackupPlan): Finding[] =>
  examineSqliteFile(file, { now: systemClock.now(), version: packageVersion(), backups });

/** The keys of a database file; `create` makes one that is not there. Throws `StartupError`. */
export const administerKeys = (
  file: string,
  { create = false, createFolder = false }: { create?: boolean; createFolder?: boolean } = {},
): KeyAdministration => administerSqliteKeys(file, { clock: systemClock, create, createFolder });

/** Mends what can be mended without risk; says what it did. Throws `StartupError`. */
export const repairDatabase = (file: string): string[] =>
  repairSqliteFile(file, systemClock, packageVersion());
