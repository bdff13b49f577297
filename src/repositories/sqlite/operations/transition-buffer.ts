import { eq } from 'drizzle-orm';
import type { TaskStatus } from '../../../core/task.js';
import type { TaskTransition, TaskTransitionEvent } from '../../../core/transitions.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import type { Tally } from '../../../db/writer/writer.js';
import { bound } from '../rows.js';

/** Fields of a transition besides its statuses. */
type Subject = Pick<TaskTransition, 'type' | 'attempt' | 'worker' | 'traceparent'>;

/** Gathers the transitions of a transaction for the writer's event sink. */
class TransitionBuffer implements Tally {
  readonly #emit: (transition: TaskTransition) => void;
  readonly #requestId: () => string | null;
  readonly #read;
  #pending: TaskTransition[] = [];

  constructor({ db, addTally, requestId }: Transaction, emit: (transition: TaskTransition) => void) {
    this.#emit = emit;
    this.#requestId = requestId;
    this.#read = db
      .select({
        type: tasks.type,
        attempt: tasks.attempts,
        worker: tasks.lockedBy,
        traceparent: tasks.traceparent,
      })
      .from(tasks)
      .where(eq(tasks.id, bound('id')))
      .prepare();
    addTally(this);
  }

  /** The subject from the task's row as it is now: to be called before a change that clears some of it. */
  about(id: number): Subject {
    return this.#read.get({ id }) as Subject;
  }

  add(
    event: TaskTransitionEvent,
    taskId: number,
    from: TaskStatus | null,
    to: TaskStatus,
    subject = this.about(taskId),
  ): void {
    const { type, attempt, worker, traceparent } = subject;
    const requestId = this.#requestId();
    this.#pending.push({ event, taskId, type, from, to, attempt, worker, requestId, traceparent });
  }

  flush(): void {
    for (const transition of this.#pending) this.#emit(transition);
    this.#pending = [];
  }

  discard(): void {
    this.#pending = [];
  }
}

const buffers = new WeakMap<Transaction, TransitionBuffer>();

/** The buffer of a writer's transactions, shared by all its operations; null without an event sink. */
export function transitionBufferOf(transaction: Transaction): TransitionBuffer | null {
  if (!transaction.emit) return null;
  const known = buffers.get(transaction) ?? new TransitionBuffer(transaction, transaction.emit);
  buffers.set(transaction, known);
  return known;
}
