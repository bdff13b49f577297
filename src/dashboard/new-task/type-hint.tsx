import { useQuery } from '@tanstack/react-query';
import type { WorkerState } from '../../client/index.js';
import { isServed } from '../../client/is-served.js';
import { workersQuery } from '../api/queries.js';
import { useAccess } from '../session/use-session.js';

const PURPOSE = 'Picks the handler that runs it.';

/** Most types that are named. */
const NAMED = 6;

/** The types that live workers have handlers for, as a sentence to go on with; empty when there are none. */
function servedBy(workers: readonly WorkerState[]): string {
  const types = [...new Set(workers.flatMap(({ live, types }) => (live ? (types ?? []) : [])))].sort();
  if (types.length === 0) return '';
  return ` Served now: ${types.slice(0, NAMED).join(', ')}${types.length > NAMED ? ', …' : '.'}`;
}

/** Says what a type is for, and whether anybody would run a task of this one. */
export function TypeHint({ type }: { type: string }) {
  const { data: workers } = useQuery({ ...workersQuery, enabled: useAccess().may('read') });
  const name = type.trim();
  if (!workers) return PURPOSE;
  if (name !== '' && isServed(name, workers)) return 'A live worker serves it.';
  const served = servedBy(workers);
  if (name === '') return `${PURPOSE}${served}`;
  return `No live worker serves it now: the task would wait for one.${served}`;
}
