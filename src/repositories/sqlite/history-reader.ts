import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { minuteCounts, minuteDurations } from '../../db/sqlite/schema.js';
import type { HistorySpan } from '../stats-repository.js';
import { bound } from './bound.js';

const emptySpan = (minute: number): HistorySpan => ({
  minute,
  enqueued: 0,
  started: 0,
  completed: 0,
  failed: 0,
  wait: new Map(),
  run: new Map(),
});

/** Reads the per-minute history, adding up the minutes of each span. */
export function historyReader({ db }: Connection) {
  const readCounts = db
    .select()
    .from(minuteCounts)
    .where(sql`${minuteCounts.minute} >= ${bound('from')} and ${minuteCounts.minute} < ${bound('to')}`)
    .orderBy(asc(minuteCounts.minute))
    .prepare();
  const readDurations = db
    .select()
    .from(minuteDurations)
    .where(sql`${minuteDurations.minute} >= ${bound('from')} and ${minuteDurations.minute} < ${bound('to')}`)
    .prepare();

  return (from: number, to: number, step: number): HistorySpan[] => {
    const spans = Array.from({ length: Math.ceil((to - from) / step) }, (_, at) =>
      emptySpan(from + at * step),
    );
    const spanOf = (minute: number) => spans[Math.floor((minute - from) / step)] as HistorySpan;
    for (const { minute, enqueued, started, completed, failed } of readCounts.all({ from, to })) {
      const span = spanOf(minute);
      span.enqueued += enqueued;
      span.started += started;
      span.completed += completed;
      span.failed += failed;
    }
    for (const { minute, kind, bucket, count } of readDurations.all({ from, to })) {
      const counts = spanOf(minute)[kind];
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
    }
    return spans;
  };
}
