import type { Connection } from '../http/connection.js';
import type { Finishing } from './finishing.js';
import { type PollOptions, pollStates } from './poll-states.js';
import { SharedPoll } from './shared-poll.js';

/** Waits that have a request of their own. Browsers allow six to one server, for everything. */
const MOST_ALONE = 3;

/**
 * The waits of one client. The first few have a request of their own, which the server answers at once when there is
 * something to tell; all others share one for each thousand tasks.
 */
export class Waits {
  readonly #connection: Connection;
  readonly #shared: SharedPoll<Finishing>[] = [];
  #alone = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The states of a task until it is done, or the signal is aborted. */
  async *states<Task extends Finishing>(id: number, options: PollOptions): AsyncGenerator<Task, undefined> {
    // One that cannot be an id is refused alone, and spoils no request of others.
    if (this.#alone >= MOST_ALONE && Number.isSafeInteger(id) && id > 0) {
      yield* this.#poll().states(id, options.signal) as AsyncGenerator<Task, undefined>;
      return;
    }
    this.#alone++;
    try {
      yield* pollStates<Task>(this.#connection, id, options);
    } finally {
      this.#alone--;
    }
  }

  #poll(): SharedPoll<Finishing> {
    const found = this.#shared.find(({ isFull }) => !isFull);
    if (found) return found;
    const poll = new SharedPoll<Finishing>(this.#connection);
    this.#shared.push(poll);
    return poll;
  }
}
