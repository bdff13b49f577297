import { useQuery } from '@tanstack/react-query';
import { isServed } from '../api/is-served.js';
import { workersQuery } from '../api/queries.js';

/** Says what a type is for, and whether anybody would run a task of this one. */
export function TypeHint({ type }: { type: string }) {
  const { data: workers } = useQuery(workersQuery);
  const name = type.trim();
  if (name === '' || !workers) return 'Picks the handler that runs it.';
  if (isServed(name, workers)) return 'A live worker serves it.';
  return 'No live worker serves it now: the task would wait for one.';
}
