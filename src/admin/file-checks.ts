import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DoctorFinding, ok, problem, warning } from '../core/finding.js';
import type { BackupPlan } from '../core/maintenance.js';
import { formatBytes } from '../core/text.js';
import { signalFile } from '../db/sqlite/commit-signal.js';
import { isOpenToOthers } from '../db/sqlite/files.js';
import { migrationsOf } from '../db/sqlite/migrate.js';
import { longRunningReadersSync, uncheckpointedBytes } from '../db/sqlite/wal.js';
import { type Check, pragmaNumber, type Subject, someOf } from './content-checks.js';
import { newestBackup } from './scheduled-backup.js';

const MEGABYTE = 1_000_000;
const LARGE_LOG_BYTES = 50 * MEGABYTE;
const MANY_FREE_BYTES = 10 * MEGABYTE;
const MANY_FREE_SHARE = 0.25;
const INCREMENTAL = 2;

export const checkVersions: Check = ({ connection: { client }, version }) => {
  const sqlite = client.prepare('select sqlite_version()').pluck().get();
  const { applied, all } = migrationsOf(client);
  const text = `Spoolite ${version}, SQLite ${sqlite}, Node.js ${process.versions.node}, schema ${applied} of ${all}`;
  if (applied === all) return ok('versions', text);
  return warning('versions', text, 'a server or worker of this version upgrades the file when it starts');
};

const ENDING_IT =
  'stop it, or what it is doing; spoolite doctor --fix empties the log when nothing is reading';

export const checkWal: Check = ({ file, connection }) => {
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const text = `${formatBytes(bytes)} in the write-ahead log`;
  // A large log file stays large until it is next written from its beginning.
  if (bytes <= LARGE_LOG_BYTES || uncheckpointedBytes(connection.client) <= LARGE_LOG_BYTES)
    return ok('log', text);
  const readers = longRunningReadersSync(file);
  if (readers?.length)
    return warning(
      'log',
      `${text}, held back by ${someOf(readers)}, which has been reading for a long time`,
      ENDING_IT,
    );
  return warning(
    'log',
    text,
    'a program may have been reading for a long time: look for one with the file open. spoolite doctor --fix empties the log when nothing is reading',
  );
};

/** Unused bytes of the file. */
export const freeBytes = (connection: Parameters<typeof pragmaNumber>[0]): number =>
  pragmaNumber(connection, 'freelist_count') * pragmaNumber(connection, 'page_size');

export const checkFreePages: Check = ({ connection }) => {
  const free = freeBytes(connection);
  const all = pragmaNumber(connection, 'page_count') * pragmaNumber(connection, 'page_size');
  const text = `${formatBytes(free)} of ${formatBytes(all)} are free`;
  if (free <= MANY_FREE_BYTES || free < all * MANY_FREE_SHARE) return ok('space', text);
  return warning('space', text, 'it is reused; spoolite doctor --fix returns it to the disk');
};

export const checkPragmas: Check = ({ connection }) => {
  const journal = String(connection.client.pragma('journal_mode', { simple: true }));
  const text = `journal ${journal}, page size ${pragmaNumber(connection, 'page_size')}`;
  if (pragmaNumber(connection, 'auto_vacuum') !== INCREMENTAL) {
    return warning(
      'pragmas',
      `${text}, without auto_vacuum: free space is reused, but never returned to the disk`,
      'no action is needed while the disk has room',
    );
  }
  if (journal === 'wal' || journal === 'memory') return ok('pragmas', text);
  return ok('pragmas', `${text}: a start switches to wal`);
};

const LITTLE_ROOM_BYTES = 1_000_000_000;
const NO_ROOM_BYTES = 100_000_000;
const { R_OK, W_OK, X_OK } = constants;
const WRITABLE_BY_ALL = 0o002;

export const checkDisk: Check = ({ file }) => {
  const { bavail, bsize } = statfsSync(dirname(file));
  const room = bavail * bsize;
  const size = statSync(file).size;
  const text = `room for ${formatBytes(room)}, the database has ${formatBytes(size)}`;
  if (room < NO_ROOM_BYTES) return problem('disk', text, 'make room: writes are refused when there is none');
  if (room > Math.max(LITTLE_ROOM_BYTES, size)) return ok('disk', text);
  return warning('disk', text, 'make room, at least for a backup');
};

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Names for a database's files in place of their paths, by suffix. */
const FILE_NAMES = {
  '': 'the file',
  '-wal': 'the write-ahead log',
  '-shm': 'its index',
  '-wake': 'the wake file',
};

type Suffix = keyof typeof FILE_NAMES;

function wrongIn(file: string, end: Suffix, owner: number): string[] {
  const { uid, mode } = statSync(file + end);
  return [
    ...(uid === owner ? [] : [`${FILE_NAMES[end]} belongs to another user than the database`]),
    ...(mode & WRITABLE_BY_ALL ? [`${FILE_NAMES[end]} is world-writable`] : []),
    ...(!(mode & WRITABLE_BY_ALL) && isOpenToOthers(mode)
      ? [
          `${FILE_NAMES[end]} is open to other users, who can read payloads and, while they read, keep the log from being emptied`,
        ]
      : []),
  ];
}

export const checkPermissions: Check = ({ file }): DoctorFinding => {
  const ends = (Object.keys(FILE_NAMES) as Suffix[]).filter((end) => existsSync(file + end));
  const closed = [
    ...ends.filter((end) => !mayUse(file + end, R_OK | W_OK)).map((end) => FILE_NAMES[end]),
    ...(mayUse(dirname(file), R_OK | W_OK | X_OK) ? [] : ['the folder']),
  ];
  if (closed.length > 0) {
    const text = `${closed.join(', ')} cannot be written by this user`;
    return problem(
      'permissions',
      text,
      'give it read and write permission, or run this as the user of the server',
    );
  }
  const { uid } = statSync(file);
  const wrong = ends.flatMap((end) => wrongIn(file, end, uid));
  if (wrong.length === 0) return ok('permissions', 'the file, its side files and its folder can be written');
  return warning('permissions', wrong.join('; '), 'set owner and mode with chown and chmod 600');
};

/** True if the side file that wakes other processes is unusable. */
export function isStaleSignal(file: string): boolean {
  const stat = statSync(signalFile(file), { throwIfNoEntry: false });
  return stat !== undefined && (!stat.isFile() || stat.size > 1);
}

export const checkSignal: Check = ({ file }) => {
  if (!isStaleSignal(file)) return ok('wake file', 'as it should be');
  return warning('wake file', 'it is not a file of one byte', 'spoolite doctor --fix recreates it');
};

const HOUR_MS = 3_600_000;

/** A backup counts as late after this many intervals. */
const OVERDUE_FACTOR = 2;

const hoursText = (hours: number): string =>
  `${hours < 10 ? Math.round(hours * 10) / 10 : Math.round(hours)} h`;

const ADVICE = 'look for "the backup failed" in the log of the server, and check that a server is running';

/** Checks that the scheduled backups are made. */
export function checkBackups({ file, now }: Subject, plan: BackupPlan): DoctorFinding {
  const wanted = `one is expected every ${hoursText(plan.intervalHours)}`;
  const newest = newestBackup({ database: file, plan, now });
  if (newest === null) return warning('backups', `there is none in the folder, and ${wanted}`, ADVICE);
  const hours = (now - newest) / HOUR_MS;
  const text = `the newest is ${hoursText(hours)} old, and ${wanted}`;
  return hours > plan.intervalHours * OVERDUE_FACTOR ? warning('backups', text, ADVICE) : ok('backups', text);
}
