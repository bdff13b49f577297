import type { Actor } from '../../core/access.js';
import type { SpooliteError } from '../../core/errors.js';
import type { CommitMeter } from './commit-meter.js';
import type { Refusal } from './messages.js';

export interface RunOptions {
  /** Milliseconds to wait for the write lock before giving up with STORAGE_BUSY; default {@link BUSY_MS}. */
  busyMs?: number;
  /** How many tasks it is about, at most; default 1. Bounds what is put into one transaction. */
  weight?: number;
  /** Who asks for it, for the audit log; absent where it is this program itself. */
  actor?: Actor | undefined;
}

/** Told what operations have to tell (`Transaction.tell`), once it is committed and before their callers hear of it. */
export type EventSink = (events: readonly unknown[]) => void;

/** Milliseconds a caller waits for another process's lock before STORAGE_BUSY. */
export const BUSY_MS = 5_000;

/**
 * Runs operations on the storage. Those that are asked for together share one transaction and one sync: a caller's promise
 * settles after the commit that holds its write, and one that fails takes nobody along.
 */
export interface Writer<Ops extends Operations> {
  /** What the storage has refused, where nothing as large was stored since. */
  readonly refusal: Refusal | null;
  /** Why nothing can be written any more, for good; null while that is not so. */
  readonly failure: SpooliteError | null;
  readonly meter: CommitMeter;
  run<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    options?: RunOptions,
  ): Promise<ResultOf<Ops[Name]>>;
  /**
   * Runs an operation every `intervalMs`, also while this process's event loop is busy, and hands its results to
   * `onResult`; `onFailure` gets the error of a time that failed, after which it goes on. Returns a function that ends it.
   */
  repeat<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    intervalMs: number,
    onResult: (result: ResultOf<Ops[Name]>) => void,
    onFailure: (error: Error) => void,
  ): () => void;
  /**
   * Runs a last operation after what was asked for before, and closes the connection. Blocks this thread until that is done,
   * or a few seconds have passed: for a process that ends, whose event loop does not run any more. Never throws.
   */
  runLast<Name extends keyof Ops & string>(name: Name, args: ArgsOf<Ops[Name]>): void;
  /** Commits what was asked for, then closes the connection. */
  close(): Promise<void>;
}

/** Something that is counted while operations run, and written once at the end of the transaction. */
export interface Tally {
  flush(): void;
  /** Forgets what was counted: the operations are undone. */
  discard(): void;
}

/** What every operation of one transaction shares, beside the engine's connection: one pinned instant, the run of revisions. */
export interface TransactionScope {
  /** The instant of the transaction, in milliseconds since 1970 UTC. */
  now(): number;
  /**
   * Takes as many revisions as tasks change, and returns the first of the run. Every change of a task takes one of its
   * own; commit order is revision order. A negative count gives the last run back.
   */
  allocateRevisions(count?: number): number;
  /** Has a tally flushed before each commit, and discarded with the operation that fails. */
  addTally(tally: Tally): void;
  /** Of the request that runs now; null where none caused it. */
  requestId(): string | null;
  /** Has the writer's observer told of something once the transaction is committed; null when there is no observer. */
  emit: ((events: unknown) => void) | null;
}

/**
 * Operations by name. Each prepares its statements once, on the engine's own transaction, and then runs any number of times.
 */
export type Operations = Record<string, (transaction: never) => (args: never) => unknown>;

export type ArgsOf<O> = O extends (transaction: never) => (args: infer Args) => unknown ? Args : never;
export type ResultOf<O> = O extends (transaction: never) => (args: never) => infer Result ? Result : never;
