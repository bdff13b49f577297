import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../client/index.js';
import { liveUpdates } from '../live/live-updates.js';
import { keys } from './keys.js';

/** Times a question is asked again that was not answered; a refusal stays one. */
const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A machine without internet still reaches its own server.
      networkMode: 'always',
      staleTime: 1_000,
      retry: (failures, error) => !(error instanceof ApiError) && failures < RETRIES,
    },
    mutations: { networkMode: 'always' },
  },
});

/** Asks again for what is on the screen and may have changed. What is under way is not called off for it. */
const refresh = (queryKey: readonly unknown[]) =>
  void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });

liveUpdates.onNews(({ changes, isWhole }) => {
  for (const key of [keys.stats, keys.types, keys.workers]) refresh(key);
  if (isWhole) for (const { taskId } of changes) refresh(keys.task(taskId));
  else refresh(['task']);
});
