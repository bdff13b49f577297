import { ApiError } from '../../client/index.js';
import { queue } from '../api/queue.js';
import { ChangeGatherer } from './change-gatherer.js';
import type { ConnectionState, FromWorker } from './messages.js';

/** Milliseconds after which a first connection counts as lost that has not come. */
const IMPATIENCE_MS = 3_000;

/** Milliseconds after which a stream is begun anew that the server has refused. */
const RETRY_MS = 2_000;

const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 401 || error.status === 403);

/** The one connection to the server's change events, for any number of pages. It is there while somebody listens. */
export class Connection {
  readonly #listeners = new Set<(message: FromWorker) => void>();
  readonly #gatherer = new ChangeGatherer((changes, isWhole) =>
    this.#tell({ kind: 'changes', changes, isWhole }),
  );
  #open: AbortController | undefined;
  #state: ConnectionState = 'connecting';

  /** Hears how the connection stands, then everything; returns what ends it. */
  listen(listener: (message: FromWorker) => void): () => void {
    this.#listeners.add(listener);
    listener({ kind: 'state', state: this.#state });
    if (!this.#open) {
      this.#open = new AbortController();
      void this.#follow(this.#open.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#open?.abort();
      this.#open = undefined;
      this.#state = 'connecting';
    };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const impatience = setTimeout(() => this.#become('lost'), IMPATIENCE_MS);
    const onConnection = (isConnected: boolean) => {
      clearTimeout(impatience);
      if (signal.aborted) return;
      this.#become(isConnected ? 'live' : 'lost');
      // What changed meanwhile is not all told; what a page has asked for may be from before.
      if (isConnected) this.#gatherer.addUnknown();
    };
    try {
      for await (const { task } of queue.events({ signal, onConnection })) this.#gatherer.add(task);
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return this.#giveUp();
      // Refused: the place to go on from is not the server's any more, say. The next stream begins with what comes next.
      setTimeout(() => signal.aborted || this.#follow(signal), RETRY_MS);
    }
  }

  /** Whoever listens has to sign in first, or asks for what is not for him. */
  #giveUp(): void {
    this.#open = undefined;
    this.#state = 'connecting';
    this.#tell({ kind: 'refused' });
    this.#listeners.clear();
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#tell({ kind: 'state', state });
  }

  #tell(message: FromWorker): void {
    for (const listener of this.#listeners) listener(message);
  }
}
