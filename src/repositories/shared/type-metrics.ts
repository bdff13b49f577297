import type { JsonObject } from '../../core/json.js';
import { CapabilitySet } from '../../core/workers.js';
import type { Claimer } from '../lease-repository.js';

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

/** Whether a worker takes such tasks. */
type Takes = (type: string, requirements: JsonObject | null) => boolean;

function takesOf({ types, capabilities }: Claimer): Takes {
  const names = types && new Set(types);
  const offer = new CapabilitySet(capabilities);
  return (type, requirements) =>
    (names === null || names.has(type)) && (requirements === null || offer.meets(requirements));
}

/** Number of types with tasks that none of the workers takes. */
export function countTypesWithoutWorker(due: readonly TypeRequirement[], live: readonly Claimer[]): number {
  const takers = live.map(takesOf);
  const withoutWorker = new Set<string>();
  for (const { type, compatibility } of due) {
    if (withoutWorker.has(type)) continue;
    const requirements = compatibility === '{}' ? null : (JSON.parse(compatibility) as JsonObject);
    if (!takers.some((takes) => takes(type, requirements))) withoutWorker.add(type);
  }
  return withoutWorker.size;
}
