import { useSyncExternalStore } from 'react';
import type { Scope, Session } from '../../client/index.js';
import { onUnauthenticated, queue } from '../api/client.js';

/** How it stands with the server. */
export type SessionState =
  | { kind: 'asking' }
  /** It does not say. */
  | { kind: 'unknown'; error: Error }
  /** It needs no key, and does not let a page in that calls it by this name. */
  | { kind: 'misnamed' }
  /** It needs a key; `isOver` where there was a good one until now. */
  | { kind: 'out'; isOver: boolean }
  | { kind: 'in'; session: Session };

/** Milliseconds after which is asked again who got no answer. */
const RETRY_MS = 2_000;

/** On which the tabs of a browser tell each other that somebody has signed in or out. */
const CHANNEL = 'spoolite-session';

function stateOf(session: Session, before: SessionState): SessionState {
  if (session.keyRequired && session.name === null)
    return { kind: 'out', isOver: before.kind === 'in' || (before.kind === 'out' && before.isOver) };
  if (session.scopes.length === 0) return { kind: 'misnamed' };
  return { kind: 'in', session };
}

/** Knows as whom this page asks, and finds out when that has changed. */
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

  /** Asks the server. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Throws what the client does. */
  async signIn(key: string): Promise<void> {
    this.#become({ kind: 'in', session: await queue.signIn(key) });
    this.#otherTabs.postMessage(null);
  }

  /** Throws what the client does. */
  async signOut(): Promise<void> {
    await queue.signOut();
    this.#become({ kind: 'out', isOver: false });
    this.#otherTabs.postMessage(null);
  }

  async #ask(): Promise<void> {
    try {
      this.#become(stateOf(await queue.session(), this.#state));
    } catch (error) {
      // Who is signed in stays so: that the server does not answer is told elsewhere.
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

/** How it stands with the server. */
export const useSessionState = (): SessionState =>
  useSyncExternalStore(sessionStore.onChange, () => sessionStore.state);

/** What whoever is signed in may do; nothing where nobody is. */
export interface Permissions {
  /** The name of the key; null where none is needed. */
  name: string | null;
  keyRequired: boolean;
  seesPayloads: boolean;
  /** Of these scopes, those that are lacking. */
  lacks(...needed: Scope[]): Scope[];
  /** Whether none of these is lacking. */
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
