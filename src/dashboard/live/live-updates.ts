import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import {
  ChangeStream,
  type ConnectionState,
  type PageMessage,
  type TaskChange,
  type WorkerMessage,
} from './change-stream.js';

export interface ChangeBatch {
  changes: readonly TaskChange[];
  /** False where more may have changed than is told. */
  isWhole: boolean;
}

type Leave = () => void;

/** Milliseconds after which is asked again who was refused. */
const RECONNECT_MS = 2_000;

/** For a browser without shared workers: a connection for this tab alone. */
const listenDirectly = (listener: (message: WorkerMessage) => void): Leave =>
  new ChangeStream().listen(listener);

/** Listens through the worker that all tabs share; where its script cannot be had, without it. */
function listenThroughWorker(listener: (message: WorkerMessage) => void): Leave {
  const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
  let leave = () => {
    worker.port.postMessage({ kind: 'bye' } satisfies PageMessage);
    worker.port.close();
  };
  worker.addEventListener('error', () => {
    leave();
    leave = listenDirectly(listener);
  });
  worker.port.addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => listener(data));
  worker.port.start();
  return () => leave();
}

const listen = 'SharedWorker' in globalThis ? listenThroughWorker : listenDirectly;

/**
 * What this tab hears of the server. A tab that nobody sees gathers its news until somebody does, so that it does not
 * ask for what nobody reads.
 */
export class LiveUpdates {
  readonly #refusalListeners = new Set<() => void>();
  readonly #changeListeners = new Set<(news: ChangeBatch) => void>();
  readonly #stateListeners = new Set<() => void>();
  #state: ConnectionState = 'connecting';
  #missed = false;
  #leave: Leave | undefined;
  #isWanted = false;
  #isConnected = false;

  start(): void {
    document.addEventListener('visibilitychange', () => this.#catchUp());
    // A page that the browser sets aside, to go back to it, has left; a worker is not told of that.
    addEventListener('pagehide', () => this.#disconnect());
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted || !this.#isWanted) return;
      this.#missed = true;
      this.#connect();
      this.#catchUp();
    });
  }

  /** From now on, until `unfollow`, changes are heard of. */
  follow(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#connect();
  }

  unfollow(): void {
    this.#isWanted = false;
    this.#disconnect();
    this.#become('connecting');
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState = (listener: () => void): Leave => {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  };

  onChanges = (listener: (news: ChangeBatch) => void): Leave => {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  };

  /** The server has refused to tell. */
  onRefused = (listener: () => void): Leave => {
    this.#refusalListeners.add(listener);
    return () => this.#refusalListeners.delete(listener);
  };

  #connect(): void {
    if (this.#isConnected) return;
    this.#isConnected = true;
    this.#leave = listen((message) => this.#receive(message));
  }

  #disconnect(): void {
    this.#isConnected = false;
    this.#leave?.();
    this.#leave = undefined;
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#stateListeners) listener();
  }

  #handleRefusal(): void {
    this.#disconnect();
    this.#become('connecting');
    // Somebody may sign in, here or in another tab.
    setTimeout(() => this.#isWanted && this.#connect(), RECONNECT_MS);
    for (const listener of this.#refusalListeners) listener();
  }

  #receive(message: WorkerMessage): void {
    if (!this.#isConnected) return;
    if (message.kind === 'refused') this.#handleRefusal();
    else if (message.kind === 'state') this.#become(message.state);
    else if (document.hidden) {
      this.#missed = true;
    } else {
      for (const listener of this.#changeListeners) listener(message);
    }
  }

  #catchUp(): void {
    if (document.hidden || !this.#missed) return;
    this.#missed = false;
    for (const listener of this.#changeListeners) listener({ changes: [], isWhole: false });
  }
}

export const liveUpdates = new LiveUpdates();

/** How the connection to the server stands. */
export const useConnectionState = (): ConnectionState =>
  useSyncExternalStore(liveUpdates.onState, () => liveUpdates.state);

/** Calls the function whenever something has changed, about once a second at most. */
export function useChanges(listener: (news: ChangeBatch) => void): void {
  const hear = useEffectEvent(listener);
  useEffect(() => liveUpdates.onChanges((news) => hear(news)), []);
}
