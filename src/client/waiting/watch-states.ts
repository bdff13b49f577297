import { TaskNotFound } from '../errors/task-not-found.js';
import type { Connection } from '../http/connection.js';
import { EventReader } from '../http/event-reader.js';
import type { Finishing } from './finishing.js';
import { pollStates } from './poll-states.js';

/**
 * The states of a task by server-sent events, until it is done. Where a connection brings none (something on the way does
 * not let them through, or the server is away), the rest comes by long poll.
 */
export async function* watchStates<Task extends Finishing>(
  connection: Connection,
  id: number,
  signal: AbortSignal,
): AsyncGenerator<Task, undefined> {
  const reader = new EventReader<Task>(connection, { path: `/tasks/${id}/events`, signal });
  for (let isHeard = true; isHeard; ) {
    isHeard = false;
    try {
      for await (const { task } of reader.connect()) {
        isHeard = true;
        yield task;
        if (task.done) return;
      }
    } catch (error) {
      if (signal.aborted || error instanceof TaskNotFound) throw error;
    }
  }
  const tag = reader.cursor && `"${reader.cursor}"`;
  yield* pollStates(connection, id, { signal, tag });
}
