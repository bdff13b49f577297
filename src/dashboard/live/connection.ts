import { ChangeGatherer } from './change-gatherer.js';
import type { ConnectionState, FromWorker } from './messages.js';

/** Milliseconds after which a connection that the server refused is tried anew. */
const RETRY_MS = 2_000;

/** The one connection to the server's change events, for any number of pages. It is there while somebody listens. */
export class Connection {
  readonly #listeners = new Set<(message: FromWorker) => void>();
  readonly #gatherer = new ChangeGatherer((changes, isWhole) =>
    this.#tell({ kind: 'changes', changes, isWhole }),
  );
  #source: EventSource | undefined;
  #state: ConnectionState = 'connecting';

  /** Hears how the connection stands, then everything; returns what ends it. */
  listen(listener: (message: FromWorker) => void): () => void {
    this.#listeners.add(listener);
    this.#source ??= this.#open();
    listener({ kind: 'state', state: this.#state });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#source?.close();
      this.#source = undefined;
      this.#state = 'connecting';
    };
  }

  #open(): EventSource {
    const source = new EventSource('/api/queue/events');
    source.addEventListener('open', () => {
      // What changed before is not told; what a page has asked for may be from before.
      this.#gatherer.addUnknown();
      this.#become('live');
    });
    source.addEventListener('error', () => {
      this.#become('lost');
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#openAgain(source), RETRY_MS);
    });
    source.addEventListener('task', ({ data }: MessageEvent<string>) => {
      const { task_id: taskId, type, status } = JSON.parse(data);
      this.#gatherer.add({ taskId, type, status });
    });
    return source;
  }

  #openAgain(refused: EventSource): void {
    if (this.#source === refused) this.#source = this.#open();
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
