import { Worker } from 'node:worker_threads';
import type { Clock } from '../core/clock.js';
import { SpooliteError, UserError } from '../core/errors.js';
import { type DoctorFinding, problem } from '../core/finding.js';
import type { BackupPlan } from '../core/maintenance.js';
import { packageFile } from '../core/paths.js';
import { type Connection, openForInspection } from '../db/sqlite/connection.js';
import { assertOurs, assertThere, databasePath, IN_MEMORY } from '../db/sqlite/database-file.js';
import { saysDamaged, withUserErrorsOfReading } from '../db/sqlite/errors.js';
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

/** What can be looked at whatever is in the file. */
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
  'there is no queue in the file: it is empty',
  'a start makes one in it',
);

export interface DiagnoseOptions {
  now: number;
  /** The program's version. */
  version: string;
  /** The backups that a server makes by itself. */
  backups?: BackupPlan | undefined;
}

/** The checks of the contents; where the file is damaged or of a newer version, those that follow have nothing to go by. */
export function diagnoseContents(subject: Subject): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  try {
    assertOurs(subject.connection.client);
    findings.push(checkIntegrity(subject));
    if (findings[0]?.level !== 'ok') return findings;
    if (migrationsOf(subject.connection.client).applied === 0) return [...findings, EMPTY_FILE];
    findings.push(checkVersions(subject), ...CONTENT_CHECKS.map((check) => check(subject)));
  } catch (error) {
    if (saysDamaged(error)) findings.push(problem('integrity', (error as Error).message, RESTORE_ADVICE));
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

/** What the thread is started with. */
export interface DiagnoseThreadData extends DiagnoseOptions {
  file: string;
}

const THREAD = 'dist/admin/diagnose-thread.js';

interface DiagnosedFile {
  file: string;
  clock: Clock;
  version?: string;
}

/** Examines a database that is in use, on a thread of its own: all of the file is read, and nobody shall wait for that. */
export class FileDiagnostics {
  readonly #subject: DiagnosedFile;
  readonly #connection: Connection;
  readonly #threads = new Set<Worker>();

  /** The connection is looked at when the database is in memory, where no other could see it. */
  constructor(examined: DiagnosedFile, connection: Connection) {
    this.#subject = examined;
    this.#connection = connection;
  }

  /** `backups` are those that a server makes by itself. */
  async diagnose(backups?: BackupPlan): Promise<DoctorFinding[]> {
    const { file, clock, version = 'unknown' } = this.#subject;
    const options = { now: clock.now(), version, backups };
    if (file === IN_MEMORY) return diagnoseContents({ file, connection: this.#connection, ...options });
    return this.#onThread({ file, ...options });
  }

  /** Calls off what is under way. */
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
      // Only now: listening for messages would take it back.
      thread.unref();
    });
  }
}
