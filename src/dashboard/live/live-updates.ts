import { Connection } from './connection.js';
import type { Change, ConnectionState, FromPage, FromWorker } from './messages.js';

export interface News {
  changes: readonly Change[];
  /** False where more may have changed than is told. */
  isWhole: boolean;
}

type Leave = () => void;

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
  readonly #onNews = new Set<(news: News) => void>();
  readonly #onState = new Set<() => void>();
  #state: ConnectionState = 'connecting';
  #missed = false;
  #leave: Leave | undefined;

  start(): void {
    this.#join();
    document.addEventListener('visibilitychange', () => this.#catchUp());
    // A page that the browser sets aside, to go back to it, has left; a worker is not told of that.
    addEventListener('pagehide', () => {
      this.#leave?.();
      this.#leave = undefined;
    });
    addEventListener('pageshow', ({ persisted }) => {
      if (!persisted) return;
      this.#missed = true;
      this.#join();
      this.#catchUp();
    });
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

  #join(): void {
    this.#leave = listen((message) => this.#hear(message));
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'state') {
      this.#state = message.state;
      for (const listener of this.#onState) listener();
    } else if (document.hidden) {
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
