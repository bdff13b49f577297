import type { LeaseRepository } from '../repositories/lease-repository.js';
import type { Executor } from './executor.js';

/** Milliseconds for which commits are gathered before looking: cancels are rare, commits are not. */
const GATHER_MS = 20;

/** After commits, looks whether running attempts have lost their leases, so that a cancel is felt at once. */
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
      // Where the file cannot be read, the next heartbeat tells.
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
