import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { dueQuery } from '../api/queries.js';

/** Minutes kept. */
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

/** The greatest age seen in each minute, by minutes since 1970; survives a reload of the tab. */
const samples = stored();

const minuteOf = (ms: number): number => Math.floor(ms / 60_000);

/** Records for how long the oldest due task has been due, in seconds; null if none is due. */
export function recordAge(age: number | null): void {
  const minute = minuteOf(Date.now());
  const known = samples.get(minute);
  const seen = Math.max(known ?? 0, age ?? 0);
  samples.set(minute, seen);
  for (const old of samples.keys()) if (old <= minute - KEPT) samples.delete(old);
  // Once a minute suffices to survive a reload.
  if (known !== undefined) return;
  try {
    sessionStorage.setItem(STORED_AS, JSON.stringify([...samples]));
  } catch {
    // Without storage a reload starts from nothing.
  }
}

/**
 * How long the oldest due task had been due within `minutes` from `from`: the greatest age seen. For times without
 * samples, from the task that is oldest now: it was due then already, and that much younger.
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

/** Samples the age of the oldest due task while the page is open, on every screen. */
export function useAgeSamples(): void {
  const { data, dataUpdatedAt } = useQuery(dueQuery);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an equal answer is a sample too
  useEffect(() => {
    if (data) recordAge(data.oldestDueAgeSeconds);
  }, [data, dataUpdatedAt]);
}
