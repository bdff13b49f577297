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
  /** False if more may have changed than is listed. */
  isWhole: boolean;
}

type Leave = () => void;

/** Milliseconds before the next try after a refusal. */
const RECONNECT_MS = 2_000;

/** For a browser without shared workers: a connection of this tab's own. */
const listenDirectly = (listener: (message: WorkerMessage) => void): Leave =>
  new ChangeStream().listen(listener);

/** Subscribes through the worker that all tabs share; without it if its script cannot be loaded. */
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

/** The server's changes for this tab. A hidden tab collects them until it is visible, and fetches nothing meanwhile. */
export class LiveUpdates {
  readonly #refusalListeners = new Set<() => void>();
  readonly #changeListeners = new Set<(batch: ChangeBatch) => void>();
  readonly #stateListeners = new Set<() => void>();
  #state: ConnectionState = 'connecting';
  #missed = false;
  #leave: Leave | undefined;
  #isWanted = false;
  #isConnected = false;

  start(): void {
    document.addEventListener('visibilitychange', () => this.#catchUp());
    // A page in the back/forward cache has left; a worker does not notice that by itself.
    addEventListener('pagehide', () => this.#disconnect());
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted || !this.#isWanted) return;
      this.#missed = true;
      this.#connect();
      this.#catchUp();
    });
  }

  /** Subscribes to changes until `unfollow`. */
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

  onChanges = (listener: (batch: ChangeBatch) => void): Leave => {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  };

  /** Calls `listener` when the server refuses access. */
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
    // A sign-in may follow, here or in another tab.
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

export const useConnectionState = (): ConnectionState =>
  useSyncExternalStore(liveUpdates.onState, () => liveUpdates.state);

/** Calls the function after changes, at most about once a second. */
export function useChanges(listener: (batch: ChangeBatch) => void): void {
  const onBatch = useEffectEvent(listener);
  useEffect(() => liveUpdates.onChanges((batch) => onBatch(batch)), []);
}
