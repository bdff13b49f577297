import type { Logger } from 'pino';
import type { LeaseRepository, LostLease } from '../repositories/lease-repository.js';
import type { HeartbeatListener, WorkerInstance } from '../repositories/worker-repository.js';
import type { Executor } from './executor.js';

/**
 * Handles a worker's heartbeats: aborts attempts with a lost lease, and logs when heartbeats fail, recover, or meet
 * another worker of the same id.
 */
export class HeartbeatWatch implements HeartbeatListener {
  readonly #executor: Pick<Executor, 'abort'>;
  readonly #logger: Logger;
  readonly #worker: string;
  #failures = 0;
  /** The last one that was logged. */
  #namesake: string | undefined;
  /** In a rolling restart the stopping worker must not warn about its replacement. */
  isStopping = false;

  constructor(executor: Pick<Executor, 'abort'>, logger: Logger, worker: string) {
    this.#executor = executor;
    this.#logger = logger;
    this.#worker = worker;
  }

  readonly onBeat = (lost: LostLease[]): void => {
    if (this.#failures > 0)
      this.#logger.info({ worker: this.#worker, failures: this.#failures }, 'heartbeats succeed again');
    this.#failures = 0;
    if (lost.length > 0) this.#executor.abort(lost);
  };

  readonly onNamesake = ({ host, pid }: WorkerInstance): void => {
    const namesake = `${host} ${pid}`;
    if (this.isStopping || namesake === this.#namesake) return;
    this.#namesake = namesake;
    this.#logger.warn(
      { worker: this.#worker, host, pid },
      'another worker uses the same id, and only one of them is listed: give each worker its own id',
    );
  };

  readonly onFailure = (error: Error): void => {
    if (this.#failures++ > 0) return;
    this.#logger.error(
      { err: error, worker: this.#worker },
      'a heartbeat failed; if the next ones fail too, the leases of running tasks expire and other workers take them',
    );
  };
}

/** Milliseconds for which commits are collected before a check: cancels are rare, commits are not. */
const GATHER_MS = 20;

/** After commits, checks whether running attempts have lost their leases, so that a cancel takes effect at once. */
export class LostLeaseWatch {
  readonly #leases: LeaseRepository;
  readonly #executor: Executor;
  #timer: NodeJS.Timeout | undefined;

  constructor(leases: LeaseRepository, executor: Executor) {
    this.#leases = leases;
    this.#executor = executor;
  }

  onCommit(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // On read errors, rely on the next heartbeat.
      this.#look().catch(() => undefined);
    }, GATHER_MS).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const held = this.#executor.leases;
    if (held.length > 0) this.#executor.abort(await this.#leases.findLost(held));
  }
}
