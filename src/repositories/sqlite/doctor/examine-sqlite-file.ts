import { UserError } from '../../../core/errors.js';
import { type DoctorFinding, problem } from '../../../core/finding.js';
import type { BackupPlan } from '../../../core/maintenance.js';
import { type Connection, openForInspection } from '../../../db/sqlite/connection.js';
import { databasePath } from '../../../db/sqlite/database-path.js';
import { migrationsOf } from '../../../db/sqlite/migrate.js';
import { assertOurs } from '../../../db/sqlite/ownership.js';
import { orRefuseToRead } from '../../../db/sqlite/startup-refusal.js';
import { assertThere } from '../../../db/sqlite/usable-path.js';
import { saysDamaged } from '../find-damage.js';
import type { Check, Subject } from './check.js';
import { checkBackups } from './check-backups.js';
import { checkCounters, checkIntegrity, checkOrphans, RESTORE } from './check-contents.js';
import { checkFreePages, checkLog, checkPragmas, checkVersions } from './check-file.js';
import { checkDisk, checkPermissions, checkSignal } from './check-surroundings.js';
import { checkClock, checkLeases } from './check-times.js';

/** What can be looked at whatever is in the file. */
const AROUND: Check[] = [checkPermissions, checkDisk, checkLog, checkSignal];
const INSIDE: Check[] = [checkPragmas, checkFreePages, checkOrphans, checkCounters, checkLeases, checkClock];

const EMPTY = problem('versions', 'there is no queue in the file: it is empty', 'a start makes one in it');

export interface ExamineOptions {
  now: number;
  /** The program's version. */
  version: string;
  /** The backups that a server makes by itself. */
  backups?: BackupPlan | undefined;
}

/** The checks of the contents; where the file is damaged or of a newer version, those that follow have nothing to go by. */
export function lookInside(subject: Subject): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  try {
    assertOurs(subject.connection.client);
    findings.push(checkIntegrity(subject));
    if (findings[0]?.level !== 'ok') return findings;
    if (migrationsOf(subject.connection.client).applied === 0) return [...findings, EMPTY];
    findings.push(checkVersions(subject), ...INSIDE.map((check) => check(subject)));
  } catch (error) {
    if (saysDamaged(error)) findings.push(problem('integrity', (error as Error).message, RESTORE));
    else if (error instanceof UserError)
      findings.push(
        problem('versions', error.message.replaceAll(subject.connection.client.name, 'The file')),
      );
    else throw error;
  }
  return findings;
}

/**
 * Examines a database file, in use or not, without changing it. Takes as long as the file is large, and keeps nobody from
 * writing. Throws {@link UserError} when there is none.
 */
export function examineSqliteFile(database: string, options: ExamineOptions): DoctorFinding[] {
  const file = databasePath(database);
  assertThere(file);
  return orRefuseToRead(file, () => examine(file, options));
}

function examine(file: string, { now, version, backups }: ExamineOptions): DoctorFinding[] {
  const subject = (connection: Connection): Subject => ({ file, connection, now, version });
  const connection = openForInspection(file);
  try {
    return [
      ...lookInside(subject(connection)),
      ...AROUND.map((check) => check(subject(connection))),
      ...(backups ? [checkBackups(subject(connection), backups)] : []),
    ];
  } finally {
    connection.client.close();
  }
}
