import type { Logger } from 'pino';
import type { LostLease } from '../repositories/lease-repository.js';
import type { HeartbeatListener } from '../repositories/worker-repository.js';
import type { Executor } from './executor.js';

/** Hears of a worker's heartbeats: aborts what was lost, and logs when they begin to fail and when they go on. */
export class HeartbeatWatch implements HeartbeatListener {
  readonly #executor: Pick<Executor, 'abort'>;
  readonly #logger: Logger;
  readonly #worker: string;
  #failures = 0;

  constructor(executor: Pick<Executor, 'abort'>, logger: Logger, worker: string) {
    this.#executor = executor;
    this.#logger = logger;
    this.#worker = worker;
  }

  readonly onBeat = (lost: LostLease[]): void => {
    if (this.#failures > 0)
      this.#logger.info({ worker: this.#worker, failures: this.#failures }, 'heartbeats go through again');
    this.#failures = 0;
    if (lost.length > 0) this.#executor.abort(lost);
  };

  readonly onFailure = (error: Error): void => {
    if (this.#failures++ > 0) return;
    this.#logger.error(
      { err: error, worker: this.#worker },
      'a heartbeat failed; if the next ones do too, the leases of running tasks end and others take them',
    );
  };
}
