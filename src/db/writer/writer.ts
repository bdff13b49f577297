import type { Actor } from '../../core/access.js';
import type { SpooliteError } from '../../core/errors.js';
import type { CommitMeter } from './commit-meter.js';
import type { Refusal } from './messages.js';

export interface RunOptions {
  /** Milliseconds to wait for the write lock before giving up with STORAGE_BUSY; default {@link BUSY_MS}. */
  busyMs?: number;
  /** The most tasks it may change; default 1. Bounds the size of a transaction. */
  weight?: number;
  /** The requesting actor, for the audit log; absent for this program itself. */
  actor?: Actor | undefined;
}

/** Receives the events of operations (`Transaction.emit`), after the commit and before their callers are notified. */
export type EventSink = (events: readonly unknown[]) => void;

/** Milliseconds a caller waits for another process's lock before STORAGE_BUSY. */
export const BUSY_MS = 5_000;

/**
 * Runs operations on the storage. Concurrent requests share one transaction and one sync: a caller's promise settles
 * after the commit of its write, and one that fails does not affect the others.
 */
export interface Writer<Ops extends Operations> {
  /** The writes that the storage has refused, until something as large is stored. */
  readonly refusal: Refusal | null;
  /** Why nothing can be written any more, permanently; else null. */
  readonly failure: SpooliteError | null;
  readonly meter: CommitMeter;
  run<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    options?: RunOptions,
  ): Promise<ResultOf<Ops[Name]>>;
  /**
   * Runs an operation every `intervalMs`, also while this process's event loop is busy, and passes its results to
   * `onResult` and errors to `onFailure`; it continues after an error. Returns a function that ends it.
   */
  repeat<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    intervalMs: number,
    onResult: (result: ResultOf<Ops[Name]>) => void,
    onFailure: (error: Error) => void,
  ): () => void;
  /**
   * Runs a last operation after the pending ones, and closes the connection. Blocks this thread until that is done, or
   * a few seconds have passed: for a process that is ending, whose event loop no longer runs. Never throws.
   */
  runLast<Name extends keyof Ops & string>(name: Name, args: ArgsOf<Ops[Name]>): void;
  /** Commits pending requests, then closes the connection. */
  close(): Promise<void>;
}

/** Counts of running operations, written once at the end of the transaction. */
export interface Tally {
  flush(): void;
  /** Forgets the counts: the operations are undone. */
  discard(): void;
}

/** Shared by every operation of a transaction, besides the engine's connection: its instant and its revisions. */
export interface TransactionScope {
  /** The instant of the transaction, in milliseconds since 1970 UTC. */
  now(): number;
  /**
   * Takes as many revisions as tasks change, and returns the first of the run. Every change of a task takes one of its
   * own; commit order is revision order. A negative count returns the last run.
   */
  allocateRevisions(count?: number): number;
  /** Flushes a tally before each commit, and discards it with a failed operation. */
  addTally(tally: Tally): void;
  /** The id of the current request; null if none caused it. */
  requestId(): string | null;
  /** Passes an event to the writer's sink once the transaction is committed; null if there is no sink. */
  emit: ((events: unknown) => void) | null;
}

/**
 * Operations by name. Each prepares its statements once, on the engine's own transaction, and then runs any number of times.
 */
export type Operations = Record<string, (transaction: never) => (args: never) => unknown>;

export type ArgsOf<O> = O extends (transaction: never) => (args: infer Args) => unknown ? Args : never;
export type ResultOf<O> = O extends (transaction: never) => (args: never) => infer Result ? Result : never;
