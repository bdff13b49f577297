import type { CommittedGroup, Committer } from '../writer/committer.js';
import type { WriteReply, WriteRequest } from '../writer/messages.js';
import type { Operations, Tally } from '../writer/writer.js';
import type { Connection, SqliteClient } from './connection.js';
import { isBusy, mayBeCommitted, outcomeUnknown, toErrorReply } from './errors.js';
import type { Operation, Run, Transaction } from './transaction.js';

/** Groups consecutive requests of one name. */
function groupConsecutive(requests: readonly WriteRequest[]): WriteRequest[][] {
  const runs: WriteRequest[][] = [];
  for (const request of requests) {
    const last = runs.at(-1);
    if (last?.[0]?.name === request.name) last.push(request);
    else runs.push([request]);
  }
  return runs;
}

/** Runs a group of requests in one transaction, each in its savepoint. Synchronous; independent of threads. */
export class GroupCommitter implements Committer {
  readonly #connection: Connection;
  readonly #operations: Record<string, Run<unknown>>;
  readonly #tallies: Tally[] = [];
  readonly #sql;
  readonly #beforeCommit: () => void;
  readonly #failedCommit: FailedCommit;
  #now = 0;
  #events: unknown[] = [];
  #running: WriteRequest | undefined;
  readonly #hasEventSink: boolean;
  #revision = 0;
  #committedRevision = 0;

  /** `beforeCommit` may throw: then nothing of the group is stored. */
  constructor(connection: Connection, operations: Operations, beforeCommit = () => {}, hasEventSink = false) {
    this.#connection = connection;
    this.#beforeCommit = beforeCommit;
    this.#hasEventSink = hasEventSink;
    const transaction: Transaction = {
      ...connection,
      now: () => this.#now,
      addTally: (tally) => void this.#tallies.push(tally),
      requestId: () => this.#running?.actor?.requestId ?? null,
      emit: hasEventSink ? (event) => void this.#events.push(event) : null,
      allocateRevisions: (count = 1) => {
        const first = this.#revision + 1;
        this.#revision += count;
        return first;
      },
    };
    this.#operations = Object.fromEntries(
      Object.entries(operations as Record<string, Operation>).map(([name, operation]) => [
        name,
        operation(transaction) as Run<unknown>,
      ]),
    );
    const { client } = connection;
    this.#failedCommit = new FailedCommit(client);
    this.#sql = {
      begin: client.prepare('begin immediate'),
      commit: client.prepare('commit'),
      rollback: client.prepare('rollback'),
      savepoint: client.prepare('savepoint request'),
      release: client.prepare('release request'),
      undo: client.prepare('rollback to request'),
      readRevision: client.prepare('select revision from queue_state where id = 1').pluck(),
      writeRevision: client.prepare('update queue_state set revision = ? where id = 1'),
    };
  }

  /**
   * Takes the write lock. False if another process holds it; throws other errors. Nothing begins on top of a commit
   * whose outcome is unknown: while that cannot be undone, this throws the disk's error.
   */
  tryBegin(now: number): boolean {
    try {
      this.#failedCommit.undo();
      this.#sql.begin.run();
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
    try {
      this.#committedRevision = this.#sql.readRevision.get() as number;
    } catch (error) {
      this.#sql.rollback.run();
      throw error;
    }
    this.#now = now;
    this.#events = [];
    this.#revision = this.#committedRevision;
    return true;
  }

  commit(requests: readonly WriteRequest[]): CommittedGroup {
    let isCommitting = false;
    try {
      const replies = this.#runGroup(requests);
      this.#flushTallies();
      const changed = this.#revision > this.#committedRevision;
      if (changed) this.#sql.writeRevision.run(this.#revision);
      this.#beforeCommit();
      isCommitting = true;
      this.#sql.commit.run();
      return { replies, changed, events: this.#events };
    } catch (error) {
      this.#discardTallies();
      if (this.#connection.client.inTransaction) this.#sql.rollback.run();
      const isUnknown = isCommitting && mayBeCommitted(error) && !this.#failedCommit.tryToUndo();
      return { replies: this.failAll(requests, error, isUnknown), changed: false, events: [] };
    }
  }

  failAll(requests: readonly WriteRequest[], error: unknown, isUnknown = false): WriteReply[] {
    const reply = isUnknown ? outcomeUnknown(error) : toErrorReply(error);
    return requests.map(({ id }) => ({ id, error: reply }));
  }

  /** If one fails, the halves are run again separately: the others stay together, whatever their number. */
  #runGroup(requests: readonly WriteRequest[]): WriteReply[] {
    if (requests.length === 1) return [this.#runAlone(requests[0] as WriteRequest)];
    const replies = this.#runTogether(requests);
    if (replies) return replies;
    const middle = requests.length >> 1;
    return [requests.slice(0, middle), requests.slice(middle)].flatMap((half) => this.#runGroup(half));
  }

  /** Runs all in one savepoint, as nearly always none fails. Null if one did: then all are undone. */
  #runTogether(requests: readonly WriteRequest[]): WriteReply[] | null {
    // The tallies of earlier requests must survive a rollback of these.
    this.#flushTallies();
    this.#sql.savepoint.run();
    try {
      const replies = groupConsecutive(requests).flatMap((alike) => this.#runAlike(alike));
      this.#sql.release.run();
      return replies;
    } catch (error) {
      this.#undo(error);
      this.#discardTallies();
      return null;
    }
  }

  /** Runs one in its own savepoint, so that its failure does not affect others. */
  #runAlone(request: WriteRequest): WriteReply {
    // The tallies of earlier requests must survive a rollback of this one.
    this.#flushTallies();
    this.#sql.savepoint.run();
    try {
      const run = this.#operation(request);
      const result = this.#runOne(run, request);
      if (request.actor) run.afterRun?.(request.actor, request.args, result);
      this.#sql.release.run();
      return { id: request.id, result };
    } catch (error) {
      this.#undo(error);
      this.#discardTallies();
      return { id: request.id, error: toErrorReply(error) };
    }
  }

  #flushTallies(): void {
    for (const tally of this.#tallies) tally.flush();
  }

  #discardTallies(): void {
    for (const tally of this.#tallies) tally.discard();
  }

  /** Runs one or more requests of one name. */
  #runAlike(requests: readonly WriteRequest[]): WriteReply[] {
    const run = this.#operation(requests[0] as WriteRequest);
    const results = this.#runAll(run, requests);
    return requests.map(({ id, args, actor }, at) => {
      const result = results[at];
      if (actor) run.afterRun?.(actor, args, result);
      return { id, result };
    });
  }

  #runAll(run: Run<unknown>, requests: readonly WriteRequest[]): unknown[] {
    // Events carry the request that caused them: such requests are run one by one.
    const isRunOneByOne = this.#hasEventSink && requests.some(({ actor }) => actor);
    if (!run.many || requests.length === 1 || isRunOneByOne)
      return requests.map((request) => this.#runOne(run, request));
    this.#running = undefined;
    return run.many(requests.map(({ args }) => args));
  }

  #runOne(run: Run<unknown>, request: WriteRequest): unknown {
    this.#running = request;
    return run(request.args);
  }

  #operation({ name }: WriteRequest): Run<unknown> {
    const run = this.#operations[name];
    if (!run) throw new Error(`No operation named ${name}`);
    return run;
  }

  /** Rolls back to the savepoint. Rethrows an error that has ended the whole transaction, as a full disk does. */
  #undo(error: unknown): void {
    if (!this.#connection.client.inTransaction) throw error;
    this.#sql.undo.run();
    this.#sql.release.run();
  }
}

/**
 * A commit that failed after its frames were written to the write-ahead log. SQLite discards it but leaves the frames,
 * and recovery after a crash would take them for committed. The next commit overwrites and so invalidates them: a
 * synced commit of our own reliably undoes it.
 */
export class FailedCommit {
  readonly #overwrite: () => void;
  #isThere = false;

  constructor(client: SqliteClient) {
    const change = client.prepare('update queue_state set revision = revision + 1 where id = 1');
    this.#overwrite = () => client.transaction(() => void change.run()).immediate();
  }

  /** Undoes the commit that has just failed. False if that is not certain: then {@link undo} has yet to do it. */
  tryToUndo(): boolean {
    this.#isThere = true;
    try {
      this.undo();
      return true;
    } catch {
      return false;
    }
  }

  /** Does nothing if there is nothing to undo. Throws the driver's error if it cannot be done now. */
  undo(): void {
    if (!this.#isThere) return;
    this.#overwrite();
    this.#isThere = false;
  }
}
