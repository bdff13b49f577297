import type { Monotonic } from '../../core/clock.js';
import type { Lease } from '../lease-repository.js';

/** A lease that a heartbeat renews. */
export interface KeptLease extends Lease {
  /** When the attempt runs out of time, by the monotonic clock; null is never. */
  timeoutAt: number | null;
}

/**
 * The leases that workers of this process hold, so that their heartbeat can renew them without the event loop on which
 * handlers run. Lives beside the operations that take and settle leases; a lease removed here by a transaction that
 * failed afterwards expires and is taken back, like any other.
 */
export class LeaseKeeper {
  readonly #monotonic: Monotonic;
  readonly #byWorker = new Map<string, Map<string, KeptLease>>();
  readonly #workerOf = new Map<string, string>();
  readonly #overdue = new Map<string, number>();

  constructor(monotonic: Monotonic) {
    this.#monotonic = monotonic;
  }

  /** Keeps the lease of an attempt that has just begun and may take `timeoutMs`; null is unlimited. */
  keep(workerId: string, { id, leaseToken }: Lease, timeoutMs: number | null): void {
    const leases = this.#byWorker.get(workerId) ?? new Map<string, KeptLease>();
    this.#byWorker.set(workerId, leases);
    const timeoutAt = timeoutMs === null ? null : this.#monotonic() + timeoutMs;
    leases.set(leaseToken, { id, leaseToken, timeoutAt });
    this.#workerOf.set(leaseToken, workerId);
  }

  drop(leaseToken: string): void {
    const workerId = this.#workerOf.get(leaseToken);
    if (workerId === undefined) return;
    this.#workerOf.delete(leaseToken);
    this.#byWorker.get(workerId)?.delete(leaseToken);
  }

  heldBy(workerId: string): KeptLease[] {
    return [...(this.#byWorker.get(workerId)?.values() ?? [])];
  }

  /** Stores how many handlers of a worker are overdue, for its heartbeats. */
  noteOverdue(workerId: string, count: number): void {
    this.#overdue.set(workerId, count);
  }

  overdueOf(workerId: string): number {
    return this.#overdue.get(workerId) ?? 0;
  }

  /** True if the attempt's time has been over for more than `marginMs`. */
  hasTimedOut({ timeoutAt }: KeptLease, marginMs: number): boolean {
    return timeoutAt !== null && timeoutAt + marginMs <= this.#monotonic();
  }

  forget(workerId: string): void {
    for (const token of this.#byWorker.get(workerId)?.keys() ?? []) this.#workerOf.delete(token);
    this.#byWorker.delete(workerId);
    this.#overdue.delete(workerId);
  }
}
