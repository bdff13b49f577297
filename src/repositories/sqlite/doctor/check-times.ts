import { max, sql } from 'drizzle-orm';
import { ok, warning } from '../../../core/finding.js';
import { formatInstant } from '../../../core/instant.js';
import { tasks, workers } from '../../../db/sqlite/schema.js';
import type { Check } from './check.js';

/** Milliseconds after which whoever runs would have taken an expired lease back. */
const REAPED_MS = 5_000;

/** Milliseconds that clocks may differ by without a word. */
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
    ...(expired > 0 ? [`${expired} of ${held} have expired and were not taken back`] : []),
    ...(impossible > 0 ? [`${impossible} of ${held} last longer than they can: the clock was set back`] : []),
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
    return ok('clock', `${formatInstant(now)}, nothing stored is of a later time`);
  return warning(
    'clock',
    `it is ${formatInstant(now)}, but the newest change is of ${formatInstant(latest)}`,
    'the clock is, or was, wrong: have it set by the network (NTP)',
  );
};
