import {
  DURATION_BOUNDS_MS,
  type DurationKind,
  type HistogramSnapshot,
  TOTAL_NAMES,
  type TotalName,
} from '../../core/statistics.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { durationTotals, totals } from '../../db/sqlite/schema.js';

type Totals = Record<TotalName, number>;

interface KeptBucket {
  bucket: number;
  count: number;
}

/** The kept buckets in those of this version. */
function histogramOf(kept: readonly KeptBucket[], sum: number): HistogramSnapshot {
  const counts = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0);
  for (const { bucket, count } of kept) {
    const at = DURATION_BOUNDS_MS.findIndex((bound) => bucket <= bound);
    const place = at === -1 ? counts.length - 1 : at;
    counts[place] = (counts[place] as number) + count;
  }
  return { bounds: DURATION_BOUNDS_MS, counts, sum };
}

/** Reads what has happened since the file was made. */
export function totalsReader({ db }: Connection) {
  const readTotals = db.select().from(totals).prepare();
  const readDurations = db.select().from(durationTotals).prepare();
  return (): { totals: Totals; durations: Record<DurationKind, HistogramSnapshot> } => {
    const kept = new Map(readTotals.all().map(({ name, count }) => [name, count]));
    const sums = Object.fromEntries(TOTAL_NAMES.map((name) => [name, kept.get(name) ?? 0])) as Totals;
    const buckets = readDurations.all();
    const histogram = (wanted: DurationKind) =>
      histogramOf(
        buckets.filter(({ kind }) => kind === wanted),
        sums[`${wanted}_ms`],
      );
    return { totals: sums, durations: { wait: histogram('wait'), run: histogram('run') } };
  };
}
