import { max, sql } from 'drizzle-orm';
import { type DoctorFinding, ok, problem, warning } from '../core/finding.js';
import { formatInstant } from '../core/instant.js';
import type { Connection } from '../db/sqlite/connection.js';
import { tasks, workers } from '../db/sqlite/schema.js';
import { findDamage, findOrphans, recount } from './integrity.js';

/** The database file to check. */
export interface Subject {
  file: string;
  connection: Connection;
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** The program's version. */
  version: string;
}

/** Checks one aspect, changing nothing. */
export type Check = (subject: Subject) => DoctorFinding;

/** A pragma's numeric value. */
export const pragmaNumber = ({ client }: Connection, name: string): number =>
  Number(client.pragma(name, { simple: true }));

/** The first few of many, and how many more there are. */
export function someOf(all: readonly string[], few = 3): string {
  const more = all.length - few;
  return all.slice(0, few).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

export const RESTORE_ADVICE =
  'stop every process that uses the file, and replace it with a backup: spoolite restore';

export const checkIntegrity: Check = ({ connection }) => {
  const damage = findDamage(connection);
  if (damage.length === 0) return ok('integrity', 'SQLite finds no damage');
  return problem('integrity', `the file is damaged: ${someOf(damage)}`, RESTORE_ADVICE);
};

export const checkOrphans: Check = ({ connection }) => {
  const orphans = findOrphans(connection);
  if (orphans.length === 0) return ok('orphans', 'every log entry belongs to a task');
  return problem('orphans', someOf(orphans), 'another program has changed the file: restore a backup');
};

export const checkCounters: Check = ({ connection }) => {
  const miscounts = recount(connection);
  if (miscounts.length === 0) return ok('counters', 'all equal a recount of the tasks');
  const texts = miscounts.map(({ counter, kept, counted }) => `${counter}: ${kept}, but ${counted} counted`);
  return problem('counters', someOf(texts), 'spoolite doctor --fix recounts them');
};

/** Milliseconds after which a running process would have taken back an expired lease. */
const REAPED_MS = 5_000;

/** Tolerated difference of clocks, in milliseconds. */
const TOLERANCE_MS = 60_000;

export const checkLeases: Check = ({ connection: { db }, now }) => {
  const found = db
    .select({
      held: sql<number>`count(*)`,
      expired: sql<number>`coalesce(sum(${tasks.leaseUntil} <= ${now - REAPED_MS}), 0)`,
      impossible: sql<number>`coalesce(sum(${tasks.leaseUntil} > ${now + TOLERANCE_MS} + ${tasks.leaseMs}), 0)`,
    })
    .from(tasks)
    .where(sql`lease_until is not null`)
    .get();
  const { held, expired, impossible } = found ?? { held: 0, expired: 0, impossible: 0 };
  if (expired === 0 && impossible === 0) return ok('leases', `${held} held, none expired`);
  const counts = [
    ...(expired > 0 ? [`${expired} of ${held} have expired and are overdue`] : []),
    ...(impossible > 0 ? [`${impossible} of ${held} last longer than allowed: the clock was set back`] : []),
  ];
  return warning('leases', counts.join('; '), 'start a server or a worker, or use spoolite doctor --fix');
};

export const checkClock: Check = ({ connection: { db }, now }) => {
  const newest = db
    .select({ created: max(tasks.createdAt), updated: max(tasks.updatedAt), finished: max(tasks.finishedAt) })
    .from(tasks)
    .get();
  const heartbeat = db
    .select({ at: max(workers.lastHeartbeat) })
    .from(workers)
    .get();
  const latest = Math.max(
    newest?.created ?? 0,
    newest?.updated ?? 0,
    newest?.finished ?? 0,
    heartbeat?.at ?? 0,
  );
  if (latest <= now + TOLERANCE_MS)
    return ok('clock', `${formatInstant(now)}, nothing stored has a later time`);
  return warning(
    'clock',
    `it is ${formatInstant(now)}, but the newest change is from ${formatInstant(latest)}`,
    'the clock is, or was, wrong: synchronize it over the network (NTP)',
  );
};
