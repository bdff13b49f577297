import { resolve } from 'node:path';
import { TimedNames } from '../../../db/sqlite/copies/timed-names.js';
import { databasePath } from '../../../db/sqlite/database-path.js';
import type { Backup, BackupOptions } from '../../copies.js';
import { assertSound } from './assert-sound.js';
import { makeBackup, makeTimedBackup } from './make-backup.js';

/**
 * Copies a database, in use or not, as it is at one moment. The copy gets its name when it is whole, was found sound and is
 * on the disk. `at` is the time of its name, in milliseconds since 1970 UTC (now). Throws `StartupError`; then nothing is left.
 */
export function backUpSqliteFile(options: BackupOptions, at = Date.now()): Backup {
  const { file, force, rotate } = options;
  const making = { database: databasePath(options.database), base: file, examine: assertSound };
  return rotate === undefined
    ? makeBackup(making, resolve(file), force)
    : makeTimedBackup(making, TimedNames.beside(file), rotate, at);
}
