import { useSyncExternalStore } from 'react';
import type { Scope } from '../../client/index.js';
import { type SessionState, sessionKeeper } from './session-keeper.js';

/** How it stands with the server. */
export const useSessionState = (): SessionState =>
  useSyncExternalStore(sessionKeeper.onChange, () => sessionKeeper.state);

/** What whoever is signed in may do; nothing where nobody is. */
export interface Access {
  /** The name of the key; null where none is needed. */
  name: string | null;
  keyRequired: boolean;
  seesPayloads: boolean;
  /** Of these scopes, those that are lacking. */
  lacks(...needed: Scope[]): Scope[];
  /** Whether none of these is lacking. */
  may(...needed: Scope[]): boolean;
}

export function useAccess(): Access {
  const state = useSessionState();
  const session = state.kind === 'in' ? state.session : undefined;
  const held: readonly Scope[] = session?.scopes ?? [];
  const lacks = (...needed: Scope[]) =>
    held.includes('admin') ? [] : needed.filter((scope) => !held.includes(scope));
  return {
    name: session?.name ?? null,
    keyRequired: session?.keyRequired ?? true,
    seesPayloads: session?.seesPayloads ?? false,
    lacks,
    may: (...needed) => lacks(...needed).length === 0,
  };
}
