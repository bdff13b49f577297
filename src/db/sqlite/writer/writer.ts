import type { Actor } from '../../../core/access.js';
import type { SpooliteError } from '../../../core/errors.js';
import type { CommitMeter } from './commit-meter.js';
import type { ArgsOf, Operations, ResultOf } from './operation.js';
import type { Refusal } from './refused-writes.js';

export interface RunOptions {
  /** Milliseconds to wait for the file's write lock before giving up with STORAGE_BUSY; default {@link BUSY_MS}. */
  busyMs?: number;
  /** How many tasks it is about, at most; default 1. Bounds what is put into one transaction. */
  weight?: number;
  /** Who asks for it, for the audit log; absent where it is this program itself. */
  by?: Actor | undefined;
}

/** Told what operations have to tell (`Transaction.tell`), once it is committed and before their callers hear of it. */
export type Observer = (news: readonly unknown[]) => void;

/** Milliseconds a caller waits for another process's lock before STORAGE_BUSY. */
export const BUSY_MS = 5_000;

/**
 * Runs operations on the file. Those that are asked for together share one transaction and one fsync, each in a
 * savepoint of its own: a caller's promise settles after the commit that holds its write, and one that fails takes
 * nobody along.
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
