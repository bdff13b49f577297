import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { keys } from '../api/keys.js';
import { queue } from '../api/queue.js';

/** How often it is asked for anew while an examination is under way, in milliseconds. */
const RUNNING_MS = 1_000;

/** What the last examination has found, and how to have another one. */
export function useExamination() {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const query = useQuery({
    queryKey: keys.health,
    queryFn: ({ signal }) => queue.examine({ signal }),
    refetchInterval: ({ state }) => state.data?.running && RUNNING_MS,
    // What was found stays as it was found; whoever wants to know anew says so.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const again = async () => {
    setAsking(true);
    try {
      await client.fetchQuery({
        queryKey: keys.health,
        queryFn: () => queue.examine({ fresh: true }),
        staleTime: 0,
      });
    } catch {
      // The query has the error, and the page tells it.
    } finally {
      setAsking(false);
    }
  };
  const { data, error } = query;
  return { data, error, isBusy: isAsking || query.isPending || data?.running === true, again };
}
