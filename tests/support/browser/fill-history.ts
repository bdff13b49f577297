import type { ManualClock } from '../../../src/index.js';
import type { Client } from '../client.js';

const MINUTE_MS = 60_000;

/** Minutes at the end in which nobody works: the oldest task grows older. */
const STALLED = 12;

/** Tasks of a minute: more and fewer, as the day goes. */
const load = (minute: number): number =>
  Math.round(24 + 14 * Math.sin(minute / 7) + 6 * Math.sin(minute * 2));

/** Claims and ends so many thumbnails; one in ten fails. */
async function work(client: Client, clock: ManualClock, count: number): Promise<void> {
  const tasks = await client.claim({
    worker_id: 'worker-2',
    types: ['thumbnail'],
    limit: Math.min(100, count),
  });
  clock.advance(2_000 + 400 * (count % 7));
  await Promise.all(
    tasks.map(({ task_id, lease_token }, at) =>
      at % 10 === 9
        ? client.post(`/queue/tasks/${task_id}/fail`, {
            lease_token,
            error_message: 'No header',
            retry: false,
          })
        : client.post(`/queue/tasks/${task_id}/complete`, {
            lease_token,
            result: { width: 320, height: 240 },
          }),
    ),
  );
}

/** An hour of work, up to when it stalls. The clock ends where the hour does. */
export async function fillHistory(client: Client, clock: ManualClock, end: number): Promise<void> {
  for (let minute = 0; minute < 60; minute++) {
    clock.set(end - (60 - minute) * MINUTE_MS);
    const count = load(minute);
    await client.enqueueMany(
      Array.from({ length: count }, () => ({ type: 'thumbnail', payload: { width: 320 } })),
    );
    clock.advance(5_000 + 300 * (minute % 11));
    if (minute < 60 - STALLED) await work(client, clock, count);
  }
  clock.set(end);
}
