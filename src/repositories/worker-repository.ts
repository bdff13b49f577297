import type { JsonObject } from '../domain/json.js';
import type { AttemptFailure } from '../domain/settlement.js';
import type { Lease, LostLease } from './lease-repository.js';

export interface WorkerRegistration {
  id: string;
  host: string | null;
  pid: number | null;
  version: string | null;
  /** Null is any type. */
  types: readonly string[] | null;
  capabilities: JsonObject;
  slots: number;
  /** Milliseconds without a heartbeat after which the worker counts as gone. */
  staleMs: number;
}

export interface RegisteredWorker extends WorkerRegistration {
  startedAt: number;
  lastHeartbeat: number;
  live: boolean;
  heldTaskIds: number[];
  /** Handlers that still run although their attempts are over; each takes a slot. */
  overdue: number;
}

/** The attempt that ended its process, and what that makes of it. */
export interface BlamedAttempt extends Lease {
  failure: AttemptFailure;
}

export interface WorkerRepository {
  register(worker: WorkerRegistration): Promise<void>;
  unregister(id: string): Promise<void>;
  /**
   * Every `intervalMs`, also while this process's event loop is busy: says that the worker lives and renews what it
   * claimed with `timeoutMs`; hands over what it has lost, or has
   * failed because its time was over and this process did not say so itself. Returns a function that ends it.
   */
  keepAlive(id: string, intervalMs: number, onLost: (lost: LostLease[]) => void): () => void;
  /** How many of the worker's handlers still run although their attempts are over. */
  noteOverdue(id: string, count: number): Promise<void>;
  /**
   * For a process that ends now: fails the blamed attempt, gives back every other task that the worker holds, takes it off
   * the list, and closes the storage. Blocks until all of that is stored, for a few seconds at most; never throws.
   */
  abandon(id: string, blamed: BlamedAttempt | null): void;
  /** Newest first. */
  list(): Promise<RegisteredWorker[]>;
}
