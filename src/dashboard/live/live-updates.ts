import { Connection } from './connection.js';
import type { Change, ConnectionState, FromPage, FromWorker } from './messages.js';

export interface News {
  changes: readonly Change[];
  /** False where more may have changed than is told. */
  isWhole: boolean;
}

type Leave = () => void;

/** Milliseconds after which is asked again who was refused. */
const REFUSED_MS = 2_000;

/** For a browser without shared workers: a connection for this tab alone. */
const listenDirectly = (listener: (message: FromWorker) => void): Leave => new Connection().listen(listener);

/** Listens through the worker that all tabs share; where its script cannot be had, without it. */
function listenThroughWorker(listener: (message: FromWorker) => void): Leave {
  const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
  let leave = () => {
    worker.port.postMessage({ kind: 'bye' } satisfies FromPage);
    worker.port.close();
  };
  worker.addEventListener('error', () => {
    leave();
    leave = listenDirectly(listener);
  });
  worker.port.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => listener(data));
  worker.port.start();
  return () => leave();
}

const listen = 'SharedWorker' in globalThis ? listenThroughWorker : listenDirectly;

/**
 * What this tab hears of the server. A tab that nobody sees gathers its news until somebody does, so that it does not
 * ask for what nobody reads.
 */
export class LiveUpdates {
  readonly #onRefused = new Set<() => void>();
  readonly #onNews = new Set<(news: News) => void>();
  readonly #onState = new Set<() => void>();
  #state: ConnectionState = 'connecting';
  #missed = false;
  #leave: Leave | undefined;
  #isWanted = false;
  #isJoined = false;

  start(): void {
    document.addEventListener('visibilitychange', () => this.#catchUp());
    // A page that the browser sets aside, to go back to it, has left; a worker is not told of that.
    addEventListener('pagehide', () => this.#part());
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted || !this.#isWanted) return;
      this.#missed = true;
      this.#join();
      this.#catchUp();
    });
  }

  /** From now on, until `unfollow`, changes are heard of. */
  follow(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#join();
  }

  unfollow(): void {
    this.#isWanted = false;
    this.#part();
    this.#become('connecting');
  }

  get state(): ConnectionState {
    return this.#state;
  }

  onState = (listener: () => void): Leave => {
    this.#onState.add(listener);
    return () => this.#onState.delete(listener);
  };

  onNews = (listener: (news: News) => void): Leave => {
    this.#onNews.add(listener);
    return () => this.#onNews.delete(listener);
  };

  /** The server has refused to tell. */
  onRefused = (listener: () => void): Leave => {
    this.#onRefused.add(listener);
    return () => this.#onRefused.delete(listener);
  };

  #join(): void {
    if (this.#isJoined) return;
    this.#isJoined = true;
    this.#leave = listen((message) => this.#hear(message));
  }

  #part(): void {
    this.#isJoined = false;
    this.#leave?.();
    this.#leave = undefined;
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    for (const listener of this.#onState) listener();
  }

  #beRefused(): void {
    this.#part();
    this.#become('connecting');
    // Somebody may sign in, here or in another tab.
    setTimeout(() => this.#isWanted && this.#join(), REFUSED_MS);
    for (const listener of this.#onRefused) listener();
  }

  #hear(message: FromWorker): void {
    if (!this.#isJoined) return;
    if (message.kind === 'refused') this.#beRefused();
    else if (message.kind === 'state') this.#become(message.state);
    else if (document.hidden) {
      this.#missed = true;
    } else {
      for (const listener of this.#onNews) listener(message);
    }
  }

  #catchUp(): void {
    if (document.hidden || !this.#missed) return;
    this.#missed = false;
    for (const listener of this.#onNews) listener({ changes: [], isWhole: false });
  }
}

export const liveUpdates = new LiveUpdates();
