import type { JsonObject } from '../../core/json.js';
import { TaskMatcher, type WorkerOffer } from '../../core/workers.js';

export interface BusyType {
  type: string;
  live: number;
  total: number;
}

const byBusiness = (a: BusyType, b: BusyType): number =>
  b.live - a.live || b.total - a.total || (a.type < b.type ? -1 : 1);

/** The types with most live tasks, then with most tasks in total; types without any are left out. */
export const busiest = (types: readonly BusyType[], limit: number): BusyType[] =>
  types
    .filter(({ total }) => total > 0)
    .sort(byBusiness)
    .slice(0, limit);

export interface TypeRequirement {
  type: string;
  /** JSON text of an object. */
  compatibility: string;
}

/** Number of types with tasks that none of the workers takes. */
export function countTypesWithoutWorker(
  due: readonly TypeRequirement[],
  live: readonly WorkerOffer[],
): number {
  const matchers = live.map((worker) => new TaskMatcher(worker));
  const withoutWorker = new Set<string>();
  for (const { type, compatibility } of due) {
    if (withoutWorker.has(type)) continue;
    const required = JSON.parse(compatibility) as JsonObject;
    if (!matchers.some((matcher) => matcher.takes(type, required))) withoutWorker.add(type);
  }
  return withoutWorker.size;
}
