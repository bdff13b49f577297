import { type Query, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../client/index.js';
import { liveUpdates } from '../live/live-updates.js';
import { sessionStore } from '../session/session.js';
import { keys } from './queries.js';

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

/** What a change of any task may have changed. */
const OF_ALL: readonly unknown[] = [...keys.stats, ...keys.due, ...keys.types, ...keys.workers];

/** What is about one task, whose id comes second. */
const OF_ONE: readonly unknown[] = ['task', 'log'];

// Asks again for what is on the screen and may have changed, and for what could not be read while the server was away.
// What is under way already is not called off for it.
liveUpdates.onChanges(({ changes, isWhole }) => {
  const changed = new Set<unknown>(changes.map(({ taskId }) => taskId));
  const predicate = ({ queryKey: [name, id], state }: Query): boolean =>
    OF_ALL.includes(name) ||
    (OF_ONE.includes(name) && (!isWhole || changed.has(id))) ||
    (!isWhole && state.status === 'error');
  void queryClient.invalidateQueries({ predicate }, { cancelRefetch: false });
});

/** What one key has seen is not for the next one; and the server tells its news to those who may read. */
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
