import type { StoredTask } from '../../domain/stored-task.js';
import type { TaskRepository } from '../../repositories/task-repository.js';
import type { Reply } from '../reply.js';
import type { ChangeHub } from './change-hub.js';
import { Mailbox } from './mailbox.js';
import type { Waits } from './waits.js';

export interface TaskWaitOptions {
  id: number;
  seconds: number;
  /** Whether the task is what the client waits for. */
  isAnswer: (task: StoredTask) => boolean;
  /** The reply that is held back. */
  res: Reply;
}

/** Waits for a task to become what a client waits for. */
export class TaskWait {
  readonly #tasks: TaskRepository;
  readonly #hub: ChangeHub;
  readonly #waits: Waits;

  constructor(tasks: TaskRepository, hub: ChangeHub, waits: Waits) {
    this.#tasks = tasks;
    this.#hub = hub;
    this.#waits = waits;
  }

  /** The task as soon as it is an answer, else as it is at the end of the wait. Throws TASK_NOT_FOUND, at once, and UNAUTHENTICATED. */
  async forTask({ id, seconds, isAnswer, res }: TaskWaitOptions): Promise<StoredTask> {
    const mailbox = new Mailbox<StoredTask>();
    const callOff = this.#waits.begin(res, seconds, () => mailbox.close());
    let leave: (() => void) | undefined;
    try {
      leave = await this.#hub.watch(id, mailbox);
      const task = await this.#tasks.find(id);
      if (isAnswer(task)) return task;
      const next = await this.#next(mailbox, isAnswer, id);
      this.#waits.assertStillIn(res);
      return next;
    } finally {
      callOff();
      leave?.();
    }
  }

  async #next(mailbox: Mailbox<StoredTask>, isAnswer: (task: StoredTask) => boolean, id: number) {
    for (let task = await mailbox.take(); task; task = await mailbox.take()) if (isAnswer(task)) return task;
    return this.#tasks.find(id);
  }
}
