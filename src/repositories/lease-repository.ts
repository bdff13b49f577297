import type { Actor } from '../core/access.js';
import type { JsonObject } from '../core/json.js';
import type { Progress } from '../core/leases.js';
import type { AttemptFailure } from '../core/retry.js';
import type { ClaimedTask } from '../core/task.js';
import type { Strategy } from '../core/workers.js';

export interface ClaimRequest {
  workerId: string;
  /** Types to claim; null is any. */
  types: readonly string[] | null;
  capabilities: JsonObject;
  limit: number;
  leaseMs: number;
  strategy: Strategy;
  /** Tasks to leave to other workers: their handlers still run here. */
  excludedIds?: readonly number[];
  /**
   * For a worker of this process, whose heartbeat renews its leases: the time limit of each type's attempts in
   * milliseconds (null: none). Absent if the claimer renews its leases itself.
   */
  timeoutMs?: Readonly<Record<string, number | null>>;
}

/** Decides which tasks a claimer may take. */
export type Claimer = Pick<ClaimRequest, 'types' | 'capabilities'>;

/** The proof of owning one attempt. */
export interface Lease {
  id: number;
  leaseToken: string;
}

export interface Renewal extends Lease {
  /** New length of the lease in milliseconds; null keeps the claim's. */
  leaseMs: number | null;
  progress: Progress | null;
}

export interface LostLease extends Lease {
  /** The reason, for people. */
  detail: string;
}

/**
 * Tasks from the side of workers. Every write carries the lease token; if the lease is no longer held, it changes
 * nothing and throws LEASE_LOST, with the reason. A settle that is sent twice succeeds twice. An external caller is
 * passed as `actor`: the program's log has the request of each transition.
 */
export interface LeaseRepository {
  /**
   * Takes due tasks: `queued → processing`, attempt + 1. Fewer than the limit if they are large; empty if there are
   * none.
   */
  claim(request: ClaimRequest, actor?: Actor): Promise<ClaimedTask[]>;
  /** Cheap and without a lock: false if a claim would certainly return nothing. */
  hasClaimable(claimer: Claimer): Promise<boolean>;
  /**
   * Counts the due tasks for each of these claimers separately; 0 if its claim would certainly return nothing. Counts
   * up to `enough`, reads without a lock, and yields between claimers.
   */
  countClaimable(claimers: readonly Claimer[], enough?: number): Promise<number[]>;
  /** When the next scheduled task falls due, in milliseconds since 1970 UTC. */
  nextDue(): Promise<number | null>;
  /** Renews one lease, optionally with progress; returns its new end. */
  renew(renewal: Renewal, actor?: Actor): Promise<number>;
  complete(lease: Lease, result: string | null, actor?: Actor): Promise<void>;
  fail(lease: Lease, failure: AttemptFailure, actor?: Actor): Promise<void>;
  /** Returns the task to the queue: due at once, the attempt not counted. */
  release(lease: Lease, actor?: Actor): Promise<void>;
  /** Those of the leases that are no longer held. Only reads. */
  findLost(leases: readonly Lease[]): Promise<LostLease[]>;
  /**
   * Takes back expired leases, of those no longer than `longestMs` milliseconds (default: any); returns how many. None
   * if it had to wait for the lock: pending renewals waited as well.
   */
  reap(longestMs?: number): Promise<number>;
  /**
   * Whether the storage has refused a write of any process since the last call, or would refuse one as large now. Live
   * workers could not renew then.
   */
  writesRefused(): Promise<boolean>;
  /** Shortens leases that end later than a renewal now would make them (the clock was set back); returns how many. */
  rebaseLeases(): Promise<number>;
  /** When the next lease ends, in milliseconds since 1970 UTC. */
  nextExpiry(): Promise<number | null>;
}
