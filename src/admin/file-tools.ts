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
/** For whoever examines a database file: its state and its counters; every task with its log. Both only read. */
export { auditSqliteFile as auditDatabase, readSqliteHistories as readHistories } from './audit.js';
export { backUpSqliteFile as backUpDatabase } from './backup.js';
export { exportTasks as exportDatabase } from './export-tasks.js';
export { importTasks as importIntoDatabase } from './import-tasks.js';
/** For the commands that copy a database, put a copy in its place, and carry tasks from one to another. */
export { writeNewFile } from './new-file.js';
export { restoreSqliteFile as restoreDatabase } from './restore.js';

/** Looks at everything about a database file that can go wrong, and changes nothing. Throws `UserError`. */
export const examineDatabase = (file: string, backups?: BackupPlan): DoctorFinding[] =>
  diagnoseSqliteFile(file, { now: systemClock.now(), version: packageVersion(), backups });

/** The keys of a database file; `create` makes one that is not there. Throws `UserError`. */
export const administerKeys = (
  file: string,
  { create = false, createFolder = false }: { create?: boolean; createFolder?: boolean } = {},
): KeyAdministration => administerSqliteKeys(file, { clock: systemClock, create, createFolder });

/** Mends what can be mended without risk; says what it did. Throws `UserError`. */
export const repairDatabase = (file: string): string[] =>
  repairSqliteFile(file, systemClock, packageVersion());

export type { Miscount } from './integrity.js';
