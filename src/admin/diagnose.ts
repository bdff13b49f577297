import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.js';
import { SpooliteError, UserError } from '../core/errors.js';
import { type DoctorFinding, problem } from '../core/finding.js';
import type { BackupPlan } from '../core/maintenance.js';
import { packageFile } from '../core/paths.js';
import { type Connection, openForInspection } from '../db/sqlite/connection.js';
import { assertOurs, assertThere, databasePath, IN_MEMORY } from '../db/sqlite/database-file.js';
import { isCorruptionError, withUserErrorsOfReading } from '../db/sqlite/errors.js';
import { migrationsOf } from '../db/sqlite/migrate.js';
import {
  type Check,
  checkClock,
  checkCounters,
  checkIntegrity,
  checkLeases,
  checkOrphans,
  RESTORE_ADVICE,
  type Subject,
} from './content-checks.js';
import {
  checkBackups,
  checkDisk,
  checkFreePages,
  checkPermissions,
  checkPragmas,
  checkSignal,
  checkVersions,
  checkWal,
} from './file-checks.js';

/** Checks that do not depend on the file's contents. */
const ENVIRONMENT_CHECKS: Check[] = [checkPermissions, checkDisk, checkWal, checkSignal];
const CONTENT_CHECKS: Check[] = [
  checkPragmas,
  checkFreePages,
  checkOrphans,
  checkCounters,
  checkLeases,
  checkClock,
];

const EMPTY_FILE = problem(
  'versions',
  'the file is empty: it has no queue',
  'starting a server or a worker creates one',
);

export interface DiagnoseOptions {
  now: number;
  /** The program's version. */
  version: string;
  /** The scheduled backups of a server. */
  backups?: BackupPlan | undefined;
}

/** Checks the contents; a damaged file, or one of a newer version, ends the checks early. */
export function diagnoseContents(subject: Subject): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  try {
    assertOurs(subject.connection.client);
    findings.push(checkIntegrity(subject));
    if (findings[0]?.level !== 'ok') return findings;
    if (migrationsOf(subject.connection.client).applied === 0) return [...findings, EMPTY_FILE];
    findings.push(checkVersions(subject), ...CONTENT_CHECKS.map((check) => check(subject)));
  } catch (error) {
    if (isCorruptionError(error))
      findings.push(problem('integrity', (error as Error).message, RESTORE_ADVICE));
    else if (error instanceof UserError)
      findings.push(
        problem('versions', error.message.replaceAll(subject.connection.client.name, 'The file')),
      );
    else throw error;
  }
  return findings;
}

/**
 * Checks a database file, in use or not, without changing it. The time grows with the file; writers are not blocked.
 * Throws {@link UserError} if there is none.
 */
export function diagnoseSqliteFile(database: string, options: DiagnoseOptions): DoctorFinding[] {
  const file = databasePath(database);
  assertThere(file);
  return withUserErrorsOfReading(file, () => diagnose(file, options));
}

function diagnose(file: string, { now, version, backups }: DiagnoseOptions): DoctorFinding[] {
  const subject = (connection: Connection): Subject => ({ file, connection, now, version });
  const connection = openForInspection(file);
  try {
    return [
      ...diagnoseContents(subject(connection)),
      ...ENVIRONMENT_CHECKS.map((check) => check(subject(connection))),
      ...(backups ? [checkBackups(subject(connection), backups)] : []),
    ];
  } finally {
    connection.client.close();
  }
}

/** Input of the thread. */
export interface DiagnoseThreadData extends DiagnoseOptions {
  file: string;
}

const THREAD = 'dist/admin/diagnose-thread.js';

interface DiagnosedFile {
  file: string;
  clock: Clock;
  version?: string;
}

/** Checks a database in use, on a thread of its own, as the whole file is read. */
export class FileDiagnostics {
  readonly #subject: DiagnosedFile;
  readonly #connection: Connection;
  readonly #threads = new Set<Worker>();

  /** `connection` is used for a database in memory, which no other connection can see. */
  constructor(subject: DiagnosedFile, connection: Connection) {
    this.#subject = subject;
    this.#connection = connection;
  }

  /** `backups`: the scheduled backups of a server. */
  async diagnose(backups?: BackupPlan): Promise<DoctorFinding[]> {
    const { file, clock, version = 'unknown' } = this.#subject;
    const options = { now: clock.now(), version, backups };
    if (file === IN_MEMORY) return diagnoseContents({ file, connection: this.#connection, ...options });
    return this.#onThread({ file, ...options });
  }

  /** Cancels the running check. */
  close(): void {
    for (const thread of this.#threads) void thread.terminate();
  }

  #onThread(workerData: DiagnoseThreadData): Promise<DoctorFinding[]> {
    const thread = new Worker(packageFile(THREAD), { workerData, execArgv: [] });
    this.#threads.add(thread);
    return new Promise((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', () => {
        this.#threads.delete(thread);
        reject(new SpooliteError('NOT_READY', 'The storage is closed'));
      });
      // Only now: adding a message listener refs the thread again.
      thread.unref();
    });
  }
}
