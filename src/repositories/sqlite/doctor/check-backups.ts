import { type DoctorFinding, ok, warning } from '../../../core/finding.js';
import type { BackupPlan } from '../../../core/maintenance.js';
import { newestBackup } from '../copies/planned-backup.js';
import type { Subject } from './check.js';

const HOUR_MS = 3_600_000;

/** How many times its time a backup may be late before somebody is told. */
const PATIENCE = 2;

const hoursText = (hours: number): string =>
  `${hours < 10 ? Math.round(hours * 10) / 10 : Math.round(hours)} h`;

const ADVICE = 'look for "the backup failed" in the log of the server, or for whether one runs at all';

/** Whether the backups are made that a server is to make. */
export function checkBackups({ file, now }: Subject, plan: BackupPlan): DoctorFinding {
  const wanted = `one is wanted every ${hoursText(plan.everyHours)}`;
  const newest = newestBackup({ database: file, plan, now });
  if (newest === null)
    return warning('backups', `there is none in the folder for them, and ${wanted}`, ADVICE);
  const hours = (now - newest) / HOUR_MS;
  const text = `the newest is ${hoursText(hours)} old, and ${wanted}`;
  return hours > plan.everyHours * PATIENCE ? warning('backups', text, ADVICE) : ok('backups', text);
}
