/**
 * Durations in buckets whose bounds grow by a constant factor: counts of any two minutes can be added up, and a
 * percentile read from them is off by at most 5 %. (The scheme of DDSketch: Masson, Rim, Lee, VLDB 2019.)
 */
const GROWTH = 1.1;

const LOG_GROWTH = Math.log(GROWTH);

/** Which bucket a duration falls into; bucket 0 is all below 1 ms. */
export const bucketOf = (milliseconds: number): number =>
  milliseconds < 1 ? 0 : 1 + Math.floor(Math.log(milliseconds) / LOG_GROWTH);

/** The duration in milliseconds that stands for a bucket: the one with the least relative error to its bounds. */
export const durationOf = (bucket: number): number =>
  bucket === 0 ? 0 : (2 * GROWTH ** bucket) / (GROWTH + 1);

/** Milliseconds below which the share `quantile` (0 to 1) of all durations lies; null when there are none. */
export function quantileOf(counts: ReadonlyMap<number, number>, quantile: number): number | null {
  const buckets = [...counts].sort(([a], [b]) => a - b);
  const total = buckets.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(quantile * total));
  let seen = 0;
  for (const [bucket, count] of buckets) {
    seen += count;
    if (seen >= rank) return durationOf(bucket);
  }
  return null;
}
