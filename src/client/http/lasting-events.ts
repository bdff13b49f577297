import { pause } from '../pause.js';
import type { EventsQuery, TaskEvent } from '../queries.js';
import type { EventReader } from './event-reader.js';
import { isPassing, patienceMs } from './patience.js';

type Options = Pick<EventsQuery<unknown>, 'onConnection' | 'signal'>;

/** Events without an end: connects again whenever the connection is lost, and misses nothing. */
export async function* lastingEvents<Task>(
  reader: EventReader<Task>,
  { onConnection, signal }: Options,
): AsyncGenerator<TaskEvent<Task>, undefined> {
  let failures = 0;
  for (;;) {
    let failure: unknown;
    let isOpen = false;
    try {
      yield* reader.connect(() => {
        isOpen = true;
        failures = 0;
        onConnection?.(true);
      });
    } catch (error) {
      if (!isPassing(error)) throw error;
      failure = error;
    }
    if (isOpen) onConnection?.(false);
    failures++;
    await pause(patienceMs(failures, failure), signal);
  }
}
