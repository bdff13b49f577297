import type { Actor } from '../../core/access.js';
import type { TransactionScope } from '../writer/writer.js';
import type { Connection } from './connection.js';

/** What operations run in: a transaction of this connection. */
export interface Transaction extends Connection, TransactionScope {}

/** Runs synchronously inside a transaction. */
export interface Run<Args = never, Result = unknown> {
  (args: Args): Result;
  /** For requests that stand next to each other in a group, where one statement for all is cheaper than one for each. */
  many?(all: readonly Args[]): Result[];
  /** Told of each request that it has run for somebody who is named, in the same transaction. */
  afterRun?(actor: Actor, args: Args, result: Result): void;
}

/** Something that writes. It prepares its statements once, and then runs any number of times. */
export type Operation<Args = never, Result = unknown> = (transaction: Transaction) => Run<Args, Result>;
