import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { dueQuery } from '../api/queries.js';

/** Minutes that are remembered. */
const KEPT = 1_440;

const STORED_AS = 'spoolite-ages';

type Samples = Map<number, number>;

function stored(): Samples {
  try {
    return new Map(JSON.parse(sessionStorage.getItem(STORED_AS) ?? '[]'));
  } catch {
    return new Map();
  }
}

/** The oldest age that was seen in a minute, by minutes since 1970; a reload of the tab keeps it. */
const samples = stored();

const minuteOf = (ms: number): number => Math.floor(ms / 60_000);

/** Remembers for how long the oldest due task has been due now, in seconds; null when none is due. */
export function recordAge(age: number | null): void {
  const minute = minuteOf(Date.now());
  const known = samples.get(minute);
  const seen = Math.max(known ?? 0, age ?? 0);
  samples.set(minute, seen);
  for (const old of samples.keys()) if (old <= minute - KEPT) samples.delete(old);
  // Once a minute is often enough for what only a reload needs.
  if (known !== undefined) return;
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify([...samples]));
  } catch {
    // Then a reload begins anew.
  }
}

/**
 * For how long the oldest due task had been due within so many minutes from `from` on: the oldest that was seen. Where nobody looked,
 * what is known from the task that is the oldest now: it was due at that time already, and that much younger.
 */
export function ageWithin(from: Date, minutes: number, ageNow: number | null): number | null {
  const first = minuteOf(from.getTime());
  let seen: number | null = null;
  for (let minute = first; minute < first + minutes; minute++) {
    const sample = samples.get(minute);
    if (sample !== undefined) seen = Math.max(seen ?? 0, sample);
  }
  if (seen !== null || ageNow === null) return seen;
  const end = Math.min(Date.now(), (first + minutes) * 60_000);
  const inferred = ageNow - (Date.now() - end) / 1000;
  return inferred > 0 ? inferred : null;
}

/** Watches the age of the oldest due task while the page is open, whatever screen is shown. */
export function useAgeSamples(): void {
  const { data, dataUpdatedAt } = useQuery(dueQuery);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an equal answer is a sample too
  useEffect(() => {
    if (data) recordAge(data.oldestDueAgeSeconds);
  }, [data, dataUpdatedAt]);
}
