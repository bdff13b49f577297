import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BackupPlan } from '../../../core/maintenance.js';
import { packageFile } from '../../../core/paths.js';
import { databasePath } from '../../../db/sqlite/database-path.js';
import type { BackupMaker } from '../../backup-maker.js';
import type { Backup } from '../../copies.js';
import { newestBackup } from './planned-backup.js';

const PROCESS = 'dist/repositories/sqlite/copies/backup-process.js';

type Outcome = { backup: Backup | null } | { error: string };

/** Makes backups of a file in a process of its own: SQLite copies it in one go, which keeps a whole thread from all else. */
export class SqliteBackupMaker implements BackupMaker {
  readonly #database: string;
  readonly #plan: BackupPlan;
  #process: ChildProcess | undefined;

  constructor(database: string, plan: BackupPlan) {
    this.#database = databasePath(database);
    this.#plan = plan;
  }

  newest(now: number): number | null {
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
      // It stays: a process that cannot be made says so more than once.
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
    // What it has begun is removed by the next one.
    child.kill('SIGKILL');
    await exited;
  }
}
