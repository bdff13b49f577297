import { systemClock } from '../core/clock.js';
import type { DoctorFinding } from '../core/finding.js';
import type { BackupPlan } from '../core/maintenance.js';
import { packageVersion } from '../core/paths.js';
import type { KeyAdministration } from '../repositories/key-repository.js';
import { diagnoseSqliteFile } from './diagnose.js';
import { administerSqliteKeys } from './keys.js';
import { repairSqliteFile } from './repair.js';

export type { KeyAdministration } from '../repositories/key-repository.js';
export type { Audit, TaskHistory } from './audit.js';
/** Read-only access to a database file: its state and its counters; every task with its log. */
export { auditSqliteFile as auditDatabase, readSqliteHistories as readHistories } from './audit.js';
export { backUpSqliteFile as backUpDatabase } from './backup.js';
export { exportTasks as exportDatabase } from './export-tasks.js';
export { importTasks as importIntoDatabase } from './import-tasks.js';
/** For the commands that back up, restore, export and import. */
export { writeNewFile } from './new-file.js';
export { restoreSqliteFile as restoreDatabase } from './restore.js';

/** Checks everything about a database file, changing nothing. Throws `UserError`. */
export const diagnoseDatabase = (file: string, backups?: BackupPlan): DoctorFinding[] =>
  diagnoseSqliteFile(file, { now: systemClock.now(), version: packageVersion(), backups });

/** The keys of a database file; `create` creates a missing file. Throws `UserError`. */
export const administerKeys = (
  file: string,
  { create = false, createFolder = false }: { create?: boolean; createFolder?: boolean } = {},
): KeyAdministration => administerSqliteKeys(file, { clock: systemClock, create, createFolder });

/** Repairs what is safe to repair; returns what it did. Throws `UserError`. */
export const repairDatabase = (file: string): string[] =>
  repairSqliteFile(file, systemClock, packageVersion());

export type { Miscount } from './integrity.js';
