import type { FailureReason, TaskStatus } from '../../src/core/task.js';
import type { TaskWishes } from './queue-under-test.js';

/** A task as the model knows it. */
export interface ModelTask {
  id: number;
  type: string;
  priority: number;
  maxAttempts: number;
  status: TaskStatus;
  attempts: number;
  runAfter: number;
  /** Of a queued task: that it has fallen due, which a clock that goes back does not undo. */
  isDue: boolean;
  createdAt: number;
  finishedAt: number | null;
  failureReason: FailureReason | null;
  errorMessage: string | null;
  result: string | null;
  progress: number | null;
  lockedBy: string | null;
  leaseUntil: number | null;
}

/** What the model remembers of a task besides. */
interface Ownership {
  token: string | null;
  leaseMs: number;
  /** The last attempt that its worker settled, and how. */
  settled: { token: string; as: string } | null;
  idempotencyKey: string | null;
}

export type Given = { id: number; leaseToken: string };

const CANCELLED = 'Cancelled by user';

/** Queued or running again after its worker died. */
const isSuspect = ({ status, errorMessage }: ModelTask): boolean =>
  (status === 'queued' || status === 'processing') && (errorMessage ?? '').startsWith('Lease expired: ');

const isApart = ({ maxAttempts }: ModelTask, attemptsBefore: number): boolean =>
  attemptsBefore >= 2 || attemptsBefore + 1 >= maxAttempts;

/** What becomes of tasks, in the plainest words: the state machine of the design, without storage or concurrency. */
export class QueueModel {
  now: number;
  readonly tasks = new Map<number, ModelTask & Ownership>();
  /** Every lease that was ever given, also those long lost. */
  readonly given: Given[] = [];
  /** Every id that was ever given. */
  readonly ids: number[] = [];

  constructor(now: number) {
    this.now = now;
  }

  withKey(key: string | null | undefined): (ModelTask & Ownership) | undefined {
    return [...this.tasks.values()].find((task) => key && task.idempotencyKey === key);
  }

  enqueue(id: number, wishes: TaskWishes & { runAfter: number | null }): void {
    const { type = 'mail', priority = 100, maxAttempts = 5, idempotencyKey = null } = wishes;
    const runAfter = wishes.runAfter ?? this.now;
    this.ids.push(id);
    this.tasks.set(id, {
      ...{ id, type, priority, maxAttempts, idempotencyKey, runAfter, status: 'queued', attempts: 0 },
      ...{ isDue: runAfter <= this.now, createdAt: this.now, finishedAt: null, failureReason: null },
      ...{ errorMessage: null, result: null, progress: null, lockedBy: null, leaseUntil: null },
      ...{ token: null, leaseMs: 0, settled: null },
    });
  }

  /** What falls due with a claim, and which of it may be claimed, in the order of priority. */
  due(types: readonly string[] | null): ModelTask[] {
    for (const task of this.tasks.values())
      if (task.status === 'queued') task.isDue ||= task.runAfter <= this.now;
    return [...this.tasks.values()]
      .filter((task) => task.status === 'queued' && task.isDue && (!types || types.includes(task.type)))
      .sort((a, b) => a.priority - b.priority || a.id - b.id);
  }

  /**
   * Of those whose turn it is, which the worker gets. What was there when workers died twice, or has one attempt left, never
   * shares a worker with another task that was there at a death.
   */
  claimable(inTurn: readonly ModelTask[], workerId: string, limit: number): ModelTask[] {
    const suspects = [...this.tasks.values()].filter((task) => task.lockedBy === workerId && isSuspect(task));
    const held = suspects.map((task) => isApart(task, task.attempts - 1));
    const taken: ModelTask[] = [];
    for (const task of inTurn) {
      if (taken.length === limit) break;
      if (isSuspect(task)) {
        const apart = isApart(task, task.attempts);
        if (held.includes(true) || (apart && held.length > 0)) continue;
        held.push(apart);
      }
      taken.push(task);
    }
    return taken;
  }

  claim({ id, leaseToken }: Given, workerId: string, leaseMs: number): void {
    const task = this.#get(id);
    this.given.push({ id, leaseToken });
    Object.assign(task, {
      status: 'processing',
      isDue: false,
      attempts: task.attempts + 1,
      lockedBy: workerId,
    });
    Object.assign(task, { token: leaseToken, leaseMs, leaseUntil: this.now + leaseMs });
  }

  holds({ id, leaseToken }: Given): boolean {
    return this.tasks.get(id)?.token === leaseToken;
  }

  renew({ id }: Given, leaseMs: number | null, progress: number | null): void {
    const task = this.#get(id);
    task.leaseMs = leaseMs ?? task.leaseMs;
    Object.assign(task, { leaseUntil: this.now + task.leaseMs, progress: progress ?? task.progress });
  }

  complete({ id, leaseToken }: Given, result: string | null): void {
    const task = this.#get(id);
    this.#finish(task, { status: 'completed', result, errorMessage: null, progress: 100 });
    task.settled = { token: leaseToken, as: `complete ${result}` };
  }

  fail({ id, leaseToken }: Given, errorMessage: string, retryDelayMs: number | null): void {
    this.#failAttempt(this.#get(id), errorMessage, 'error', retryDelayMs);
    this.#get(id).settled = { token: leaseToken, as: 'fail' };
  }

  release({ id, leaseToken }: Given): void {
    const task = this.#get(id);
    task.attempts -= 1;
    this.#requeue(task, this.now);
    task.settled = { token: leaseToken, as: 'release' };
  }

  /** Takes back what has expired. */
  reap(): number {
    const expired = [...this.tasks.values()].filter(
      ({ leaseUntil }) => leaseUntil !== null && leaseUntil <= this.now,
    );
    for (const task of expired) {
      const errorMessage = `Lease expired: worker ${task.lockedBy} stopped responding`;
      this.#failAttempt(task, errorMessage, 'lease_expired', 0);
      task.settled = null;
    }
    return expired.length;
  }

  cancel(id: number): void {
    this.#finish(this.#get(id), { status: 'failed', failureReason: 'cancelled', errorMessage: CANCELLED });
  }

  retry(id: number): void {
    const task = this.#get(id);
    Object.assign(task, {
      attempts: 0,
      result: null,
      errorMessage: null,
      failureReason: null,
      finishedAt: null,
    });
    this.#requeue(task, this.now);
    task.settled = null;
  }

  /** Deletes every task that has finished. */
  prune(): number {
    const done = [...this.tasks.values()].filter(
      ({ finishedAt }) => finishedAt !== null && finishedAt <= this.now,
    );
    for (const { id } of done) this.tasks.delete(id);
    return done.length;
  }

  /** What a list of all tasks ought to say, newest first. */
  list(): Omit<ModelTask, 'isDue'>[] {
    return [...this.tasks.values()]
      .sort((a, b) => b.id - a.id)
      .map(({ isDue: _, token: __, leaseMs: ___, settled: ____, idempotencyKey: _____, ...task }) => task);
  }

  #get(id: number): ModelTask & Ownership {
    return this.tasks.get(id) as ModelTask & Ownership;
  }

  #finish(task: ModelTask & Ownership, outcome: Partial<ModelTask>): void {
    Object.assign(task, outcome, { finishedAt: this.now, isDue: false, token: null, leaseUntil: null });
  }

  #requeue(task: ModelTask & Ownership, runAfter: number): void {
    Object.assign(task, { status: 'queued', runAfter, isDue: runAfter <= this.now, progress: null });
    Object.assign(task, { lockedBy: null, token: null, leaseUntil: null });
  }

  #failAttempt(
    task: ModelTask & Ownership,
    errorMessage: string,
    failureReason: FailureReason,
    delayMs: number | null,
  ): void {
    if (delayMs === null || task.attempts >= task.maxAttempts) {
      this.#finish(task, { status: 'failed', failureReason, errorMessage });
    } else {
      task.errorMessage = errorMessage;
      this.#requeue(task, this.now + delayMs);
    }
  }
}
