import type { Actor } from '../../../core/access.js';
import type { Connection } from '../connection.js';

/** Something that is counted while operations run, and written once at the end of the transaction. */
export interface Tally {
  flush(): void;
  /** Forgets what was counted: the operations are undone. */
  discard(): void;
}

/** What every operation of one transaction shares: the connection, one pinned instant, the run of revisions. */
export interface Transaction extends Connection {
  /** The instant of the transaction, in milliseconds since 1970 UTC. */
  now(): number;
  /**
   * Takes as many revisions as tasks change, and returns the first of the run. Every change of a task takes one of its
   * own; commit order is revision order. A negative count gives the last run back.
   */
  takeRevisions(count?: number): number;
  /** Has a tally flushed before each commit, and discarded with the operation that fails. */
  addTally(tally: Tally): void;
  /** Of the request that runs now; null where none caused it. */
  requestId(): string | null;
  /** Has the writer's observer told of something once the transaction is committed; null when there is no observer. */
  tell: ((news: unknown) => void) | null;
}

/** Runs synchronously inside a transaction. */
export interface Run<Args = never, Result = unknown> {
  (args: Args): Result;
  /** For requests that stand next to each other in a group, where one statement for all is cheaper than one for each. */
  many?(all: readonly Args[]): Result[];
  /** Told of each request that it has run for somebody who is named, in the same transaction. */
  told?(by: Actor, args: Args, result: Result): void;
}

/** Something that writes. It prepares its statements once, and then runs any number of times. */
export type Operation<Args = never, Result = unknown> = (transaction: Transaction) => Run<Args, Result>;

/** Operations by name. */
export type Operations = Record<string, Operation>;

export type ArgsOf<O> = O extends (transaction: Transaction) => (args: infer Args) => unknown ? Args : never;
export type ResultOf<O> = O extends (transaction: Transaction) => (args: never) => infer Result
  ? Result
  : never;
