import type { Actor } from '../../../core/access.js';
import type { Connection } from '../connection.js';
import { isBusy } from '../is-busy.js';
import { type ErrorReply, outcomeUnknown, toErrorReply } from './error-reply.js';
import { FailedCommit, mayBeStored } from './failed-commit.js';
import type { Operations, Run, Tally, Transaction } from './operation.js';

export interface Request {
  id: number;
  name: string;
  args: unknown;
  /** Who asked for it, where somebody did. */
  by?: Actor | undefined;
}

export type Reply = { id: number; result: unknown } | { id: number; error: ErrorReply };

export interface Committed {
  replies: Reply[];
  changed: boolean;
  news: unknown[];
}

/** Requests of one name that follow each other, together. */
function neighbours(requests: readonly Request[]): Request[][] {
  const runs: Request[][] = [];
  for (const request of requests) {
    const last = runs.at(-1);
    if (last?.[0]?.name === request.name) last.push(request);
    else runs.push([request]);
  }
  return runs;
}

/**
 * Runs a group of requests in one transaction, each in its savepoint. Synchronous; knows nothing of threads.
 */
export class GroupCommitter {
  readonly #connection: Connection;
  readonly #operations: Record<string, Run<unknown>>;
  readonly #tallies: Tally[] = [];
  readonly #sql;
  readonly #beforeCommit: () => void;
  readonly #failedCommit: FailedCommit;
  #now = 0;
  #news: unknown[] = [];
  #running: Request | undefined;
  readonly #isObserved: boolean;
  #revision = 0;
  #committedRevision = 0;

  /** `beforeCommit` may throw: then nothing of the group is stored. */
  constructor(connection: Connection, operations: Operations, beforeCommit = () => {}, isObserved = false) {
    this.#connection = connection;
    this.#beforeCommit = beforeCommit;
    this.#isObserved = isObserved;
    const transaction: Transaction = {
      ...connection,
      now: () => this.#now,
      addTally: (tally) => void this.#tallies.push(tally),
      requestId: () => this.#running?.by?.requestId ?? null,
      tell: isObserved ? (news) => void this.#news.push(news) : null,
      takeRevisions: (count = 1) => {
        const first = this.#revision + 1;
        this.#revision += count;
        return first;
      },
    };
    this.#operations = Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, operation(transaction) as Run<unknown>]),
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
   * Takes the write lock. False when another process holds it; throws what else goes wrong. Nothing is begun on top of a
   * commit whose outcome is unknown: while that cannot be undone, this throws what the disk says.
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
    this.#news = [];
    this.#revision = this.#committedRevision;
    return true;
  }

  /**
   * Runs the requests and commits. `changed` tells whether any task changed, `news` is what the observer is to be told.
   * Call after {@link tryBegin}.
   */
  commit(requests: readonly Request[]): Committed {
    let isCommitting = false;
    try {
      const replies = this.#runGroup(requests);
      this.#flushTallies();
      const changed = this.#revision > this.#committedRevision;
      if (changed) this.#sql.writeRevision.run(this.#revision);
      this.#beforeCommit();
      isCommitting = true;
      this.#sql.commit.run();
      return { replies, changed, news: this.#news };
    } catch (error) {
      this.#discardTallies();
      if (this.#connection.client.inTransaction) this.#sql.rollback.run();
      const isUnknown = isCommitting && mayBeStored(error) && !this.#failedCommit.tryToUndo();
      return { replies: this.failAll(requests, error, isUnknown), changed: false, news: [] };
    }
  }

  failAll(requests: readonly Request[], error: unknown, isUnknown = false): Reply[] {
    const reply = isUnknown ? outcomeUnknown(error) : toErrorReply(error);
    return requests.map(({ id }) => ({ id, error: reply }));
  }

  /** Where one fails, the halves are run again by themselves: the others stay together, whatever their number. */
  #runGroup(requests: readonly Request[]): Reply[] {
    if (requests.length === 1) return [this.#runAlone(requests[0] as Request)];
    const replies = this.#runTogether(requests);
    if (replies) return replies;
    const middle = requests.length >> 1;
    return [requests.slice(0, middle), requests.slice(middle)].flatMap((half) => this.#runGroup(half));
  }

  /** Runs all in one savepoint, as nearly always none fails. Null when one did: then nothing of it is left. */
  #runTogether(requests: readonly Request[]): Reply[] | null {
    // What others have counted is theirs, whatever becomes of these.
    this.#flushTallies();
    this.#sql.savepoint.run();
    try {
      const replies = neighbours(requests).flatMap((alike) => this.#runAlike(alike));
      this.#sql.release.run();
      return replies;
    } catch (error) {
      this.#undo(error);
      this.#discardTallies();
      return null;
    }
  }

  /** Runs one in a savepoint of its own, so that its failure takes nobody along. */
  #runAlone(request: Request): Reply {
    // What others have counted is theirs, whatever becomes of this one.
    this.#flushTallies();
    this.#sql.savepoint.run();
    try {
      const run = this.#operation(request);
      const result = this.#runOne(run, request);
      if (request.by) run.told?.(request.by, request.args, result);
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

  /** Runs requests of one name, at least one. */
  #runAlike(requests: readonly Request[]): Reply[] {
    const run = this.#operation(requests[0] as Request);
    const results = this.#runAll(run, requests);
    return requests.map(({ id, args, by }, at) => {
      const result = results[at];
      if (by) run.told?.(by, args, result);
      return { id, result };
    });
  }

  #runAll(run: Run<unknown>, requests: readonly Request[]): unknown[] {
    // An observer is told by which request each thing was caused: those are then run one by one.
    const isToldApart = this.#isObserved && requests.some(({ by }) => by);
    if (!run.many || requests.length === 1 || isToldApart)
      return requests.map((request) => this.#runOne(run, request));
    this.#running = undefined;
    return run.many(requests.map(({ args }) => args));
  }

  #runOne(run: Run<unknown>, request: Request): unknown {
    this.#running = request;
    return run(request.args);
  }

  #operation({ name }: Request): Run<unknown> {
    const run = this.#operations[name];
    if (!run) throw new Error(`No operation named ${name}`);
    return run;
  }

  /** Back to the savepoint. Throws the error on when it has ended the whole transaction, as a full disk does. */
  #undo(error: unknown): void {
    if (!this.#connection.client.inTransaction) throw error;
    this.#sql.undo.run();
    this.#sql.release.run();
  }
}
