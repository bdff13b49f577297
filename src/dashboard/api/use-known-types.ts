import { useQuery } from '@tanstack/react-query';
import { useAccess } from '../session/use-session.js';
import { typesQuery, workersQuery } from './queries.js';

/** The types that there are tasks of, or that a live worker serves; in alphabetical order. */
export function useKnownTypes(): string[] {
  const enabled = useAccess().may('read');
  const { data: types = [] } = useQuery({ ...typesQuery, enabled });
  const { data: workers = [] } = useQuery({ ...workersQuery, enabled });
  const served = workers.flatMap((worker) => (worker.live && worker.types) || []);
  return [...new Set([...types.map(({ type }) => type), ...served])].sort();
}
