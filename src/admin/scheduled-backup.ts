import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BackupPlan } from '../core/maintenance.js';
import { packageFile } from '../core/paths.js';
import { openDatabase } from '../db/sqlite/connection.js';
import { databasePath } from '../db/sqlite/database-file.js';
import { isBusy } from '../db/sqlite/errors.js';
import { createPrivate } from '../db/sqlite/files.js';
import type { Backup, BackupMaker } from '../repositories/storage.js';
import { assertSound, makeTimestampedBackup } from './backup.js';
import { TimestampedNames } from './timestamped-names.js';

const PROCESS = 'dist/admin/backup-process.js';

type Outcome = { backup: Backup | null } | { error: string };

/** Makes backups in a process of its own: SQLite copies a file in one go, which blocks a whole thread. */
export class SqliteBackupMaker implements BackupMaker {
  readonly #database: string;
  readonly #plan: BackupPlan;
  #process: ChildProcess | undefined;

  constructor(database: string, plan: BackupPlan) {
    this.#database = databasePath(database);
    this.#plan = plan;
  }

  async newest(now: number): Promise<number | null> {
    return newestBackup({ database: this.#database, plan: this.#plan, now });
  }

  make(now: number): Promise<Backup | null> {
    const child = fork(packageFile(PROCESS), { execArgv: [], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#process = child;
    return new Promise((resolve, reject) => {
      child.once('message', (outcome: Outcome) => {
        if ('error' in outcome) reject(new Error(outcome.error));
        else resolve(outcome.backup);
      });
      // Stays attached: a failed spawn emits more than one error.
      child.on('error', reject);
      child.once('exit', (code, signal) =>
        reject(new Error(`The process that makes the backup ended (${signal ?? code}) before it was made`)),
      );
      if (child.pid !== undefined) child.send({ database: this.#database, plan: this.#plan, now });
    });
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    // The next backup removes its remains.
    child.kill('SIGKILL');
    await exited;
  }
}

const HOUR_MS = 3_600_000;

/** A scheduled backup of a database. */
export interface PlannedBackup {
  database: string;
  plan: BackupPlan;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

const baseOf = ({ database, plan }: Omit<PlannedBackup, 'now'>): string =>
  join(plan.folder, basename(database));

/** When the newest backup was made; one from the future is ignored, as the clock was wrong. */
export function newestBackup({ database, plan, now }: PlannedBackup): number | null {
  const made = TimestampedNames.beside(baseOf({ database, plan })).list();
  return made.find(({ at }) => at <= now)?.at ?? null;
}

/** Runs `action` under a lock that ends with the process; null if another process holds it. */
function underLock<T>(file: string, action: () => T): T | null {
  createPrivate(file);
  const lock = openDatabase(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return action();
  } catch (error) {
    if (isBusy(error)) return null;
    throw error;
  } finally {
    lock.close();
  }
}

/** Makes the backup; null if another server has made it, or is making it. Throws `UserError`. */
export function makePlannedBackup(planned: PlannedBackup): Backup | null {
  const { database, plan, now } = planned;
  mkdirSync(plan.folder, { recursive: true });
  const base = baseOf(planned);
  return underLock(`${base}.lock`, () => {
    const newest = newestBackup(planned);
    if (newest !== null && now - newest < plan.intervalHours * HOUR_MS) return null;
    const making = { database, base, verify: assertSound };
    return makeTimestampedBackup(making, TimestampedNames.beside(base), plan.keep, now);
  });
}
