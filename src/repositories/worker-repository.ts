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
  /** Handlers that still run although their attempts are over; each takes a slot. */
  overdue: number;
}

/** Told of each heartbeat. */
export interface HeartbeatListener {
  /** What the worker has lost, or has failed because its time was over and this process did not say so itself. */
  onBeat(lost: LostLease[]): void;
  /** Another worker that lives has taken the worker's id, and its place on the list. */
  onNamesake(other: WorkerInstance): void;
  /** Nothing was renewed this time. */
  onFailure(error: Error): void;
}

/** What tells a worker from another one that goes by the same id. */
export type WorkerInstance = Pick<WorkerRegistration, 'host' | 'pid'>;

/** A worker, and no other of the same id. */
export type WorkerIdentity = Pick<WorkerRegistration, 'id' | 'host' | 'pid'>;

/** The attempt that ended its process, and what that makes of it. */
export interface BlamedAttempt extends Lease {
  failure: AttemptFailure;
}

export interface WorkerQuery {
  limit: number;
  /** Only those that are listed after this place. */
  after?: number | undefined;
}

export interface WorkerPage {
  workers: RegisteredWorker[];
  /** After which place to go on; null at the end. A page with much text may hold less than its limit. */
  next: number | null;
}

export interface WorkerRepository {
  register(worker: WorkerRegistration): Promise<void>;
  /** Takes the worker's own entry off the list; one by which another of that id has replaced it stays. */
  unregister(worker: WorkerIdentity): Promise<void>;
  /**
   * Every `intervalMs`, also while this process's event loop is busy: says that the worker lives, puts it back on the list
   * where its entry is gone, and renews what it claimed with `timeoutMs`. Returns a function that ends it.
   */
  keepAlive(worker: WorkerRegistration, intervalMs: number, listener: HeartbeatListener): () => void;
  /** How many of the worker's handlers still run although their attempts are over. */
  noteOverdue(id: string, count: number): Promise<void>;
  /**
   * For a process that ends now: fails the blamed attempt, gives back every other task that the worker holds, takes it off
   * the list, and closes the storage. Blocks until all of that is stored, for a few seconds at most; never throws.
   */
  abandon(worker: WorkerIdentity, blamed: BlamedAttempt | null): void;
  /** Newest first. */
  list(): Promise<RegisteredWorker[]>;
  /** A page of the list. */
  page(query: WorkerQuery): Promise<WorkerPage>;
  /** What those take that live. */
  live(): Promise<Claimer[]>;
}
