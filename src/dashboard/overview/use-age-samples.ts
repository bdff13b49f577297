import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { dueQuery } from '../api/queries.js';
import { recordAge } from './age-samples.js';

/** Watches the age of the oldest due task while the page is open, whatever screen is shown. */
export function useAgeSamples(): void {
  const { data, dataUpdatedAt } = useQuery(dueQuery);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an equal answer is a sample too
  useEffect(() => {
    if (data) recordAge(data.oldestDueAgeSeconds);
  }, [data, dataUpdatedAt]);
}
