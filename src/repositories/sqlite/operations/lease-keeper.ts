/** A lease that a heartbeat renews. */
export interface KeptLease {
  id: number;
  leaseToken: string;
  /** When the attempt has run out of time, in milliseconds since 1970 UTC; null is never. */
  timeoutAt: number | null;
}

/**
 * The leases that workers of this process hold, so that their heartbeat can renew them without asking the event loop
 * on which handlers run. Lives beside the operations that take and settle leases; a lease that is forgotten here by
 * a transaction that failed afterwards runs out after its length and is taken back, like any other.
 */
export class LeaseKeeper {
  readonly #byWorker = new Map<string, Map<string, KeptLease>>();
  readonly #workerOf = new Map<string, string>();

  keep(workerId: string, lease: KeptLease): void {
    const leases = this.#byWorker.get(workerId) ?? new Map<string, KeptLease>();
    this.#byWorker.set(workerId, leases);
    leases.set(lease.leaseToken, lease);
    this.#workerOf.set(lease.leaseToken, workerId);
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

  forget(workerId: string): void {
    for (const token of this.#byWorker.get(workerId)?.keys() ?? []) this.#workerOf.delete(token);
    this.#byWorker.delete(workerId);
  }
}
