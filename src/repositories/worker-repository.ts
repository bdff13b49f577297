import type { JsonObject } from '../core/json.js';
import type { AttemptFailure } from '../core/retry.js';
import type { Claimer, Lease, LostLease } from './lease-repository.js';

export interface WorkerRegistration {
  id: string;
  host: string | null;
  pid: number | null;
  version: string | null;
  /** Null is any type. */
  types: readonly string[] | null;
  capabilities: JsonObject;
  slots: number;
  /** Milliseconds without a heartbeat after which the worker no longer counts as live. */
  staleMs: number;
}

export interface RegisteredWorker extends WorkerRegistration {
  startedAt: number;
  lastHeartbeat: number;
  live: boolean;
  heldTaskIds: number[];
  /** Handlers that still run although their attempts have ended; each takes a slot. */
  overdue: number;
}

/** Notified of each heartbeat. */
export interface HeartbeatListener {
  /** Leases that the worker has lost, including attempts failed here because their time was over. */
  onBeat(lost: LostLease[]): void;
  /** Another live worker uses the same id, and has replaced the entry in the list. */
  onNamesake(other: WorkerInstance): void;
  /** Nothing was renewed this time. */
  onFailure(error: Error): void;
}

/** Distinguishes workers with the same id. */
export type WorkerInstance = Pick<WorkerRegistration, 'host' | 'pid'>;

/** One worker, distinct from others with the same id. */
export type WorkerIdentity = Pick<WorkerRegistration, 'id' | 'host' | 'pid'>;

/** The attempt that ended its process, and the resulting failure. */
export interface BlamedAttempt extends Lease {
  failure: AttemptFailure;
}

export interface WorkerQuery {
  limit: number;
  /** Only those listed after this position. */
  after?: number | undefined;
}

export interface WorkerPage {
  workers: RegisteredWorker[];
  /** The position after which to continue; null at the end. A page with much text may hold less than its limit. */
  next: number | null;
}

export interface WorkerRepository {
  register(worker: WorkerRegistration): Promise<void>;
  /** Removes the worker's own entry from the list; an entry of another worker with the same id stays. */
  unregister(worker: WorkerIdentity): Promise<void>;
  /**
   * Every `intervalMs`, also while this process's event loop is busy: marks the worker alive, restores its entry in the
   * list if missing, and renews what it claimed with `timeoutMs`. Returns a function that ends it.
   */
  keepAlive(worker: WorkerRegistration, intervalMs: number, listener: HeartbeatListener): () => void;
  /** Stores how many of the worker's handlers still run although their attempts have ended. */
  noteOverdue(id: string, count: number): Promise<void>;
  /**
   * For a process that ends now: fails the blamed attempt, releases every other task that the worker holds, removes it
   * from the list, and closes the storage. Blocks until all of that is stored, for a few seconds at most; never throws.
   */
  abandon(worker: WorkerIdentity, blamed: BlamedAttempt | null): void;
  /** Newest first. */
  list(): Promise<RegisteredWorker[]>;
  /** A page of the list. */
  page(query: WorkerQuery): Promise<WorkerPage>;
  /** The claimers of the live workers. */
  live(): Promise<Claimer[]>;
}
