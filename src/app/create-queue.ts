import type { AnyTasks, TaskTypes } from '../client/task-types.js';
import { systemClock } from '../domain/clock.js';
import { Queue } from '../queue/queue.js';
import { checkOptions } from './known-options.js';
import { openStorage } from './open-storage.js';
import type { StorageOptions } from './options.js';

/** A queue with its own connection to the file. */
export interface OpenQueue<Tasks extends TaskTypes<Tasks> = AnyTasks> extends Queue<Tasks> {
  /** Ends every wait, commits what was asked for, and closes the file. */
  close(): Promise<void>;
}

/**
 * The queue on the database file, for a program on the same machine: what `createClient` offers, without a server. Tell it
 * the program's types of tasks: `createQueue<Tasks>({ database })`. Throws `StartupError`.
 */
export function createQueue<Tasks extends TaskTypes<Tasks> = AnyTasks>(
  options: StorageOptions,
): OpenQueue<Tasks> {
  checkOptions.queue(options);
  const storage = openStorage(options);
  const queue = new Queue<Tasks>(storage, options.clock ?? systemClock);
  const close = () => {
    queue.endWaits();
    return storage.close();
  };
  return Object.assign(queue, { close });
}
