import { queryClient } from '../api/query-client.js';
import { liveUpdates } from '../live/live-updates.js';
import { sessionKeeper } from './session-keeper.js';

/** What one key has seen is not for the next one; and the server tells its news to those who may read. */
export function followSession(): void {
  sessionKeeper.onChange(() => {
    const { state } = sessionKeeper;
    liveUpdates.unfollow();
    queryClient.clear();
    if (state.kind !== 'in') return;
    const { scopes } = state.session;
    if (scopes.includes('read') || scopes.includes('admin')) liveUpdates.follow();
  });
  liveUpdates.onRefused(() => void sessionKeeper.ask());
  sessionKeeper.start();
}
