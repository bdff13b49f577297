import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BackupPlan } from '../../../core/maintenance.js';
import { TimedNames } from '../../../db/sqlite/copies/timed-names.js';
import { openDatabase } from '../../../db/sqlite/driver.js';
import { createPrivate } from '../../../db/sqlite/file-mode.js';
import { isBusy } from '../../../db/sqlite/is-busy.js';
import type { Backup } from '../../copies.js';
import { assertSound } from './assert-sound.js';
import { makeTimedBackup } from './make-backup.js';

const HOUR_MS = 3_600_000;

/** A backup that is to be made of a database when its time has come. */
export interface PlannedBackup {
  database: string;
  plan: BackupPlan;
  /** Milliseconds since 1970 UTC. */
  now: number;
}

const baseOf = ({ database, plan }: Omit<PlannedBackup, 'now'>): string =>
  join(plan.folder, basename(database));

/** When the newest backup was made; one of a later time than now says that the clock was wrong, and counts for nothing. */
export function newestBackup({ database, plan, now }: PlannedBackup): number | null {
  const made = TimedNames.beside(baseOf({ database, plan })).list();
  return made.find(({ at }) => at <= now)?.at ?? null;
}

/** Runs `action` unless another process is running one under this lock, which ends with the process; then null. */
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

/** Makes the backup, unless another server has made it meanwhile or is about to: then null. Throws `StartupError`. */
export function makePlannedBackup(planned: PlannedBackup): Backup | null {
  const { database, plan, now } = planned;
  mkdirSync(plan.folder, { recursive: true });
  const base = baseOf(planned);
  return underLock(`${base}.lock`, () => {
    const newest = newestBackup(planned);
    if (newest !== null && now - newest < plan.everyHours * HOUR_MS) return null;
    const making = { database, base, examine: assertSound };
    return makeTimedBackup(making, TimedNames.beside(base), plan.keep, now);
  });
}
