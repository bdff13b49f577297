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
  /** Tasks to leave to others: their handlers still run here. */
  excludedIds?: readonly number[];
  /**
   * For a worker of this process, whose heartbeat renews its leases: how many milliseconds an attempt of each type may
   * take (null: without end). Absent when the claimer renews its leases itself.
   */
  timeoutMs?: Readonly<Record<string, number | null>>;
}

/** What decides which tasks are for a claimer. */
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
  /** Why, for people. */
  detail: string;
}

/**
 * Tasks as those see them who run them. Every write carries the lease token; one whose lease is no longer held
 * changes nothing and throws LEASE_LOST, saying why. A settle that is sent twice succeeds twice. Who asks from outside is
 * named (`by`): the program's log has the request of each transition.
 */
export interface LeaseRepository {
  /** Takes due tasks: `queued → processing`, attempt + 1. Fewer than asked for where they are large; empty when there are none. */
  claim(request: ClaimRequest, actor?: Actor): Promise<ClaimedTask[]>;
  /** Cheap and without a lock: false when a claim would surely come back empty. */
  hasClaimable(claimer: Claimer): Promise<boolean>;
  /**
   * How many due tasks there are for each of these claimers, each taken by itself; 0 when its claim would surely come
   * back empty. Counts no further than `enough`, reads without a lock, and gives others a turn between claimers.
   */
  countClaimable(claimers: readonly Claimer[], enough?: number): Promise<number[]>;
  /** When the next queued task falls due that is not due yet, in milliseconds since 1970 UTC. */
  nextDue(): Promise<number | null>;
  /** Renews one lease, optionally with progress; returns its new end. */
  renew(renewal: Renewal, actor?: Actor): Promise<number>;
  complete(lease: Lease, result: string | null, actor?: Actor): Promise<void>;
  fail(lease: Lease, failure: AttemptFailure, actor?: Actor): Promise<void>;
  /** Gives the attempt back: queued again at once, not counted. */
  release(lease: Lease, actor?: Actor): Promise<void>;
  /** Those of the leases that are no longer held. A read. */
  findLost(leases: readonly Lease[]): Promise<LostLease[]>;
  /**
   * Takes back expired leases, of those that are no longer than `longestMs` milliseconds (any); returns how many. None when it
   * had to wait: whoever wanted to renew waited as well.
   */
  reap(longestMs?: number): Promise<number>;
  /**
   * Whether the storage has refused a write, to whichever process, since this was last asked, or would refuse one as large now.
   * Those who live could not renew then.
   */
  writesRefused(): Promise<boolean>;
  /** Shortens leases that end later than a renewal now would make them (the clock was set back); returns how many. */
  rebaseLeases(): Promise<number>;
  /** When the next lease ends, in milliseconds since 1970 UTC. */
  nextExpiry(): Promise<number | null>;
}
