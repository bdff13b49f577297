import { existsSync, statSync, truncateSync } from 'node:fs';
import type { Clock } from '../core/clock.js';
import { formatBytes } from '../core/text.js';
import { signalFile } from '../db/sqlite/commit-signal.js';
import { databasePath } from '../db/sqlite/database-file.js';
import { withUserErrors } from '../db/sqlite/errors.js';
import { TemporaryWriter } from '../db/sqlite/inline-writer.js';
import { migrationsOf } from '../db/sqlite/migrate.js';
import { reap, rebaseLeases } from '../repositories/sqlite/operations/expire.js';
import { someOf } from './content-checks.js';
import { type DiagnoseOptions, diagnoseSqliteFile } from './diagnose.js';
import { freeBytes, isStaleSignal } from './file-checks.js';
import { repairCounters } from './integrity.js';

const OPERATIONS = { reap, rebaseLeases, repairCounters };

type RepairWriter = TemporaryWriter<typeof OPERATIONS>;

/** Pages returned in one transaction; few, so that other writers do not wait long. */
const INCREMENTAL_VACUUM = 'pragma incremental_vacuum(500)';

function repairLeases(writer: RepairWriter, clock: Clock): string[] {
  const clamped = writer.run('rebaseLeases', null);
  let taken = 0;
  const all = () => ({ askedAt: clock.now(), longestMs: Number.POSITIVE_INFINITY });
  for (let some = -1; some !== 0; taken += some) some = writer.run('reap', all());
  return [
    ...(clamped > 0 ? [`shortened ${clamped} leases that lasted longer than allowed`] : []),
    ...(taken > 0 ? [`took back ${taken} tasks whose lease had expired`] : []),
  ];
}

function repairTheCounters(writer: RepairWriter): string[] {
  const miscounts = writer.run('repairCounters', null);
  const texts = miscounts.map(({ counter, kept, counted }) => `${counter} from ${kept} to ${counted}`);
  return texts.length > 0 ? [`recounted: ${someOf(texts)}`] : [];
}

function vacuumIncrementally({ connection }: RepairWriter): string[] {
  const before = freeBytes(connection);
  for (let free = before, last = Infinity; free > 0 && free < last; ) {
    last = free;
    connection.client.exec(INCREMENTAL_VACUUM);
    free = freeBytes(connection);
  }
  const given = before - freeBytes(connection);
  return given > 0 ? [`returned ${formatBytes(given)} of free space to the disk`] : [];
}

function truncateWal({ connection }: RepairWriter, file: string): string[] {
  const bytes = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const before = bytes();
  connection.client.pragma('wal_checkpoint(TRUNCATE)');
  return bytes() < before ? [`moved ${formatBytes(before)} of the write-ahead log into the database`] : [];
}

function repairSignal(file: string): string[] {
  if (!isStaleSignal(file) || !statSync(signalFile(file)).isFile()) return [];
  truncateSync(signalFile(file), 0);
  return [`emptied ${signalFile(file)}`];
}

/**
 * Repairs what is safe to repair, and returns what it did. A file that is damaged, of another version, or has orphaned
 * rows is left alone. Servers and workers may keep running; writes wait during the recount.
 */
export function repairSqliteFile(database: string, clock: Clock, version: string): string[] {
  const file = databasePath(database);
  const options: DiagnoseOptions = { now: clock.now(), version };
  const isUnsafe = diagnoseSqliteFile(file, options).some(
    ({ check, level }) =>
      level === 'problem' && ['integrity', 'versions', 'orphans', 'permissions'].includes(check),
  );
  return isUnsafe ? [] : withUserErrors(file, () => repairFile(file, clock));
}

function repairFile(file: string, clock: Clock): string[] {
  const signal = existsSync(signalFile(file)) ? repairSignal(file) : [];
  const writer = new TemporaryWriter(file, OPERATIONS, clock);
  try {
    const { applied, all } = migrationsOf(writer.connection.client);
    if (applied < all) return signal;
    // Counters first, as taking back leases relies on them.
    return [
      ...signal,
      ...repairTheCounters(writer),
      ...repairLeases(writer, clock),
      ...vacuumIncrementally(writer),
      ...truncateWal(writer, file),
    ];
  } finally {
    writer.close();
  }
}
