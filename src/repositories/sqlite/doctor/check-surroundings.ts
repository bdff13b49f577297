import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { signalFile } from '../../../db/sqlite/commit-signal.js';
import { isOpenToOthers } from '../../../db/sqlite/file-mode.js';
import { type Finding, ok, problem, warning } from '../../../domain/finding.js';
import { sizeText } from '../../../domain/size-text.js';
import type { Check } from './check.js';

const LITTLE_ROOM_BYTES = 1_000_000_000;
const NO_ROOM_BYTES = 100_000_000;
const { R_OK, W_OK, X_OK } = constants;
const WRITABLE_BY_ALL = 0o002;

export const checkDisk: Check = ({ file }) => {
  const { bavail, bsize } = statfsSync(dirname(file));
  const room = bavail * bsize;
  const size = statSync(file).size;
  const text = `room for ${sizeText(room)}, the database has ${sizeText(size)}`;
  if (room < NO_ROOM_BYTES) return problem('disk', text, 'make room: writes are refused when there is none');
  if (room > Math.max(LITTLE_ROOM_BYTES, size)) return ok('disk', text);
  return warning('disk', text, 'make room, for a backup at least');
};

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** The files of a database as they are called where no path may be told, by what their names end with. */
const NAMES = {
  '': 'the file',
  '-wal': 'the write-ahead log',
  '-shm': 'its index',
  '-wake': 'the wake file',
};

type End = keyof typeof NAMES;

function wrongIn(file: string, end: End, owner: number): string[] {
  const { uid, mode } = statSync(file + end);
  return [
    ...(uid === owner ? [] : [`${NAMES[end]} belongs to another user than the database`]),
    ...(mode & WRITABLE_BY_ALL ? [`${NAMES[end]} can be written by everybody`] : []),
    ...(!(mode & WRITABLE_BY_ALL) && isOpenToOthers(mode)
      ? [
          `${NAMES[end]} is open to other users, who can read payloads and, while they read, keep the log from being emptied`,
        ]
      : []),
  ];
}

export const checkPermissions: Check = ({ file }): Finding => {
  const ends = (Object.keys(NAMES) as End[]).filter((end) => existsSync(file + end));
  const closed = [
    ...ends.filter((end) => !mayUse(file + end, R_OK | W_OK)).map((end) => NAMES[end]),
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

/** True when the side file that wakes other processes is none that they could use. */
export function isStaleSignal(file: string): boolean {
  const stat = statSync(signalFile(file), { throwIfNoEntry: false });
  return stat !== undefined && (!stat.isFile() || stat.size > 1);
}

export const checkSignal: Check = ({ file }) => {
  if (!isStaleSignal(file)) return ok('wake file', 'as it should be');
  return warning('wake file', 'it is not a file of one byte', 'spoolite doctor --fix recreates it');
};
