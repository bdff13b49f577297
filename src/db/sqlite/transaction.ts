import type { Actor } from '../../core/access.js';
import type { TransactionScope } from '../writer/writer.js';
import type { Connection } from './connection.js';

/** The scope of operations: a transaction of this connection. */
export interface Transaction extends Connection, TransactionScope {}

/** Runs synchronously inside a transaction. */
export interface Run<Args = never, Result = unknown> {
  (args: Args): Result;
  /** For consecutive requests of a group, where one statement for all is cheaper than one for each. */
  many?(all: readonly Args[]): Result[];
  /** Called for each request with an actor, after it has run and in the same transaction. */
  afterRun?(actor: Actor, args: Args, result: Result): void;
}

/** A write operation. It prepares its statements once, and then runs any number of times. */
export type Operation<Args = never, Result = unknown> = (transaction: Transaction) => Run<Args, Result>;
