import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../core/clock.js';
import { SpooliteError } from '../../../core/errors.js';
import type { DoctorFinding } from '../../../core/finding.js';
import type { BackupPlan } from '../../../core/maintenance.js';
import { IN_MEMORY, packageFile } from '../../../core/paths.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { lookInside } from './examine-sqlite-file.js';
import type { ExamineThreadData } from './examine-thread.js';

const THREAD = 'dist/repositories/sqlite/doctor/examine-thread.js';

interface Examined {
  file: string;
  clock: Clock;
  version?: string;
}

/** Examines a database that is in use, on a thread of its own: all of the file is read, and nobody shall wait for that. */
export class Examiner {
  readonly #examined: Examined;
  readonly #connection: Connection;
  readonly #threads = new Set<Worker>();

  /** The connection is looked at when the database is in memory, where no other could see it. */
  constructor(examined: Examined, connection: Connection) {
    this.#examined = examined;
    this.#connection = connection;
  }

  /** `backups` are those that a server makes by itself. */
  async examine(backups?: BackupPlan): Promise<DoctorFinding[]> {
    const { file, clock, version = 'unknown' } = this.#examined;
    const options = { now: clock.now(), version, backups };
    if (file === IN_MEMORY) return lookInside({ file, connection: this.#connection, ...options });
    return this.#onThread({ file, ...options });
  }

  /** Calls off what is under way. */
  close(): void {
    for (const thread of this.#threads) void thread.terminate();
  }

  #onThread(workerData: ExamineThreadData): Promise<DoctorFinding[]> {
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
