import { useSyncExternalStore } from 'react';
import type { Scope, Session } from '../../client/index.js';
import { onUnauthenticated, queue } from '../api/client.js';

/** The session with the server. */
export type SessionState =
  | { kind: 'asking' }
  /** The server did not respond. */
  | { kind: 'unknown'; error: Error }
  /** No key is required, but the host name is not allowed. */
  | { kind: 'misnamed' }
  /** A key is required; `isOver` if a session has ended. */
  | { kind: 'out'; isOver: boolean }
  | { kind: 'in'; session: Session };

/** Milliseconds before a failed request is retried. */
const RETRY_MS = 2_000;

/** The channel by which tabs notify each other of signing in or out. */
const CHANNEL = 'spoolite-session';

function stateOf(session: Session, before: SessionState): SessionState {
  if (session.keyRequired && session.name === null)
    return { kind: 'out', isOver: before.kind === 'in' || (before.kind === 'out' && before.isOver) };
  if (session.scopes.length === 0) return { kind: 'misnamed' };
  return { kind: 'in', session };
}

/** Holds the page's session, and notices changes. */
export class SessionStore {
  readonly #listeners = new Set<() => void>();
  readonly #otherTabs = new BroadcastChannel(CHANNEL);
  #state: SessionState = { kind: 'asking' };
  #asking: Promise<void> | undefined;

  start(): void {
    onUnauthenticated(() => void this.ask());
    this.#otherTabs.addEventListener('message', () => void this.ask());
    void this.ask();
  }

  get state(): SessionState {
    return this.#state;
  }

  onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Requests the session. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Rejects like the client. */
  async signIn(key: string): Promise<void> {
    this.#become({ kind: 'in', session: await queue.signIn(key) });
    this.#otherTabs.postMessage(null);
  }

  /** Rejects like the client. */
  async signOut(): Promise<void> {
    await queue.signOut();
    this.#become({ kind: 'out', isOver: false });
    this.#otherTabs.postMessage(null);
  }

  async #ask(): Promise<void> {
    try {
      this.#become(stateOf(await queue.session(), this.#state));
    } catch (error) {
      // An existing session is kept: the missing connection is reported elsewhere.
      if (this.#state.kind === 'in') return;
      this.#become({ kind: 'unknown', error: error as Error });
      setTimeout(() => void this.ask(), RETRY_MS);
    }
  }

  #become(state: SessionState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

export const sessionStore = new SessionStore();

export const useSessionState = (): SessionState =>
  useSyncExternalStore(sessionStore.onChange, () => sessionStore.state);

/** The permissions of the current session; none without one. */
export interface Permissions {
  /** The name of the key; null if none is required. */
  name: string | null;
  keyRequired: boolean;
  seesPayloads: boolean;
  /** Those of the scopes that are missing. */
  lacks(...needed: Scope[]): Scope[];
  /** Whether all of the scopes are granted. */
  may(...needed: Scope[]): boolean;
}

export function usePermissions(): Permissions {
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
