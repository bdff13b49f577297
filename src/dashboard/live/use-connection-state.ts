import { useSyncExternalStore } from 'react';
import { liveUpdates } from './live-updates.js';
import type { ConnectionState } from './messages.js';

/** How the connection to the server stands. */
export const useConnectionState = (): ConnectionState =>
  useSyncExternalStore(liveUpdates.onState, () => liveUpdates.state);
