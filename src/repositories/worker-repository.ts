import type { JsonObject } from '../domain/json.js';
import type { LostLease } from './lease-repository.js';

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
  unregister(id: string): Promise<void>;
  /**
   * Every `intervalMs`, also while this process's event loop is busy: says that the worker lives and renews what it
   * claimed with `timeoutMs`; hands over what it has lost, or has
   * failed because its time was over and this process did not say so itself. Returns a function that ends it.
   */
  keepAlive(id: string, intervalMs: number, onLost: (lost: LostLease[]) => void): () => void;
  /** Newest first. */
  list(): Promise<RegisteredWorker[]>;
  /** A page of the list. */
  page(query: WorkerQuery): Promise<WorkerPage>;
}
