import { useQuery } from '@tanstack/react-query';
import { typesQuery, workersQuery } from './queries.js';

/** The types that there are tasks of, or that a live worker serves; in alphabetical order. */
export function useKnownTypes(): string[] {
  const { data: types = [] } = useQuery(typesQuery);
  const { data: workers = [] } = useQuery(workersQuery);
  const served = workers.flatMap((worker) => (worker.live && worker.types) || []);
  return [...new Set([...types.map(({ type }) => type), ...served])].sort();
}
