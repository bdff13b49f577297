import type { StoredTask } from '../core/task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { BeginWait } from './change-feed.js';
import { type ChangeHub, LatestValue } from './change-hub.js';

export interface TaskWaitOptions {
  id: number;
  /** Whether this state of the task ends the wait. */
  isAnswer: (task: StoredTask) => boolean;
  begin: BeginWait;
}

/** Waits for a task to reach a state. */
export class TaskWait {
  readonly #tasks: TaskRepository;
  readonly #hub: ChangeHub;

  constructor(tasks: TaskRepository, hub: ChangeHub) {
    this.#tasks = tasks;
    this.#hub = hub;
  }

  /**
   * The task in its first state that is an answer, else in its state at the end of the wait. Throws TASK_NOT_FOUND at
   * once.
   */
  async forTask({ id, isAnswer, begin }: TaskWaitOptions): Promise<StoredTask> {
    const mailbox = new LatestValue<StoredTask>();
    const callOff = await begin(() => mailbox.close());
    let leave: (() => void) | undefined;
    try {
      leave = await this.#hub.watch(id, mailbox);
      for (let task: StoredTask | null = await this.#tasks.find(id); task; task = await mailbox.take())
        if (isAnswer(task)) return task;
      return await this.#tasks.find(id);
    } finally {
      callOff();
      leave?.();
    }
  }
}
