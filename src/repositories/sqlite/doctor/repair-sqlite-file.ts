import { existsSync, statSync, truncateSync } from 'node:fs';
import { signalFile } from '../../../db/sqlite/commit-signal.js';
import { databasePath } from '../../../db/sqlite/database-path.js';
import { migrationsOf } from '../../../db/sqlite/migrate.js';
import { orRefuse } from '../../../db/sqlite/startup-refusal.js';
import { OneOffWriter } from '../../../db/sqlite/writer/one-off-writer.js';
import type { Clock } from '../../../domain/clock.js';
import { sizeText } from '../../../domain/size-text.js';
import { clampLeases } from '../operations/clamp-leases.js';
import { reap } from '../operations/reap.js';
import { repairCounters } from '../operations/repair-counters.js';
import { someOf } from './check.js';
import { freeBytes } from './check-file.js';
import { isStaleSignal } from './check-surroundings.js';
import { type ExamineOptions, examineSqliteFile } from './examine-sqlite-file.js';

const OPERATIONS = { reap, clampLeases, repairCounters };

type RepairWriter = OneOffWriter<typeof OPERATIONS>;

/** Pages given back in one transaction, so that nobody waits long. */
const GIVE_BACK = 'pragma incremental_vacuum(500)';

function repairLeases(writer: RepairWriter, clock: Clock): string[] {
  const clamped = writer.run('clampLeases', null);
  let taken = 0;
  const all = () => ({ askedAt: clock.now(), longestMs: Number.POSITIVE_INFINITY });
  for (let some = -1; some !== 0; taken += some) some = writer.run('reap', all());
  return [
    ...(clamped > 0 ? [`shortened ${clamped} leases that lasted longer than they can`] : []),
    ...(taken > 0 ? [`took back ${taken} tasks whose lease had expired`] : []),
  ];
}

function repairTheCounters(writer: RepairWriter): string[] {
  const miscounts = writer.run('repairCounters', null);
  const texts = miscounts.map(({ counter, kept, counted }) => `${counter} from ${kept} to ${counted}`);
  return texts.length > 0 ? [`recounted: ${someOf(texts)}`] : [];
}

function giveSpaceBack({ connection }: RepairWriter): string[] {
  const before = freeBytes(connection);
  for (let free = before, last = Infinity; free > 0 && free < last; ) {
    last = free;
    connection.client.exec(GIVE_BACK);
    free = freeBytes(connection);
  }
  const given = before - freeBytes(connection);
  return given > 0 ? [`gave ${sizeText(given)} of free space back to the disk`] : [];
}

function emptyLog({ connection }: RepairWriter, file: string): string[] {
  const bytes = () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const before = bytes();
  connection.client.pragma('wal_checkpoint(TRUNCATE)');
  return bytes() < before ? [`put ${sizeText(before)} of the write-ahead log into the database`] : [];
}

function repairSignal(file: string): string[] {
  if (!isStaleSignal(file) || !statSync(signalFile(file)).isFile()) return [];
  truncateSync(signalFile(file), 0);
  return [`emptied ${signalFile(file)}`];
}

/**
 * Mends what can be mended without risk, and says what that was. A file that is damaged, of another version, or has rows
 * that belong to nothing is not touched. Servers and workers may go on meanwhile; writes wait while counters are counted.
 */
export function repairSqliteFile(database: string, clock: Clock, version: string): string[] {
  const file = databasePath(database);
  const options: ExamineOptions = { now: clock.now(), version };
  const isUnsafe = examineSqliteFile(file, options).some(
    ({ check, level }) =>
      level === 'problem' && ['integrity', 'versions', 'orphans', 'permissions'].includes(check),
  );
  return isUnsafe ? [] : orRefuse(file, () => repair(file, clock));
}

function repair(file: string, clock: Clock): string[] {
  const signal = existsSync(signalFile(file)) ? repairSignal(file) : [];
  const writer = new OneOffWriter(file, OPERATIONS, clock);
  try {
    const { applied, all } = migrationsOf(writer.connection.client);
    if (applied < all) return signal;
    // First the counters: taking back counts on them.
    return [
      ...signal,
      ...repairTheCounters(writer),
      ...repairLeases(writer, clock),
      ...giveSpaceBack(writer),
      ...emptyLog(writer, file),
    ];
  } finally {
    writer.close();
  }
}
