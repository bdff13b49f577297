import { type Query, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../client/index.js';
import { liveUpdates } from '../live/live-updates.js';
import { sessionStore } from '../session/session.js';
import { keys } from './queries.js';

/** Retries of a query without a reply; refusals are final. */
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

/** Queries that a change of any task may affect. */
const OF_ALL: readonly unknown[] = [...keys.stats, ...keys.due, ...keys.types, ...keys.workers];

/** Queries on one task, whose id is second in the key. */
const OF_ONE: readonly unknown[] = ['task', 'log'];

// Refetches visible queries that may have changed, and those that failed while the server was away. Running ones are
// not cancelled.
liveUpdates.onChanges(({ changes, isWhole }) => {
  const changed = new Set<unknown>(changes.map(({ taskId }) => taskId));
  const predicate = ({ queryKey: [name, id], state }: Query): boolean =>
    OF_ALL.includes(name) ||
    (OF_ONE.includes(name) && (!isWhole || changed.has(id))) ||
    (!isWhole && state.status === 'error');
  void queryClient.invalidateQueries({ predicate }, { cancelRefetch: false });
});

/** Clears the cache when the key changes, as permissions differ; follows changes only with permission to read. */
export function followSession(): void {
  sessionStore.onChange(() => {
    const { state } = sessionStore;
    liveUpdates.unfollow();
    queryClient.clear();
    if (state.kind !== 'in') return;
    const { scopes } = state.session;
    if (scopes.includes('read') || scopes.includes('admin')) liveUpdates.follow();
  });
  liveUpdates.onRefused(() => void sessionStore.ask());
  sessionStore.start();
}
