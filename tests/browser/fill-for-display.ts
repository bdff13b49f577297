import type { ManualClock } from '../../src/index.js';
import type { Client } from '../support/client.js';

interface Shown {
  waiting: number;
  scheduled: number;
  processing: number;
  completed: number;
  failed: number;
}

/** Claims one task of the type, as the worker that is called so. */
async function begin(client: Client, type: string, worker_id: string) {
  const [task] = await client.claim({ worker_id, types: [type], limit: 1 });
  const tell = (action: string, body: object = {}) =>
    client.post(`/queue/tasks/${task.task_id}/${action}`, { lease_token: task.lease_token, ...body });
  return { id: task.task_id as number, tell };
}

const said = (level: string, message: string, details?: object) => ({
  level,
  message,
  ...(details && { details }),
});

async function runVideo(client: Client): Promise<number> {
  const { id, tell } = await begin(client, 'video_processing', 'worker-1');
  const entries = [said('info', 'Reading', { bytes: 48_211_004 }), said('warning', 'No audio track')];
  await tell('logs', { entries });
  await tell('heartbeat', { progress: 42, progress_message: 'frame 4200' });
  return id;
}

async function failMail(client: Client): Promise<number> {
  for (const retry of [true, false]) {
    const { id, tell } = await begin(client, 'mail', 'worker-2');
    await tell('logs', { entries: [said('debug', 'Connecting'), said('error', 'Refused', { code: 550 })] });
    const error_message = 'The partner answered 550: mailbox unavailable';
    await tell('fail', { error_message, retry, retry_after_seconds: 0 });
    if (!retry) return id;
  }
  throw new Error('Not reached');
}

/** Tasks of several types in every status, such as a queue at work has; returns one of each kind. */
export async function fillForDisplay(client: Client): Promise<Shown> {
  const many = (count: number, task: object) => Array.from({ length: count }, () => task);
  await client.enqueueMany([
    { type: 'mail', priority: 1, max_attempts: 2, payload: { to: 'ada@example.org', template: 'welcome' } },
    { type: 'video_processing', payload: { format: 'mp4', source: 'holiday.mov', sizes: [480, 720, 1080] } },
    ...many(3, { type: 'broken', priority: 5 }),
    ...many(70, { type: 'thumbnail', payload: { width: 320 } }),
  ]);
  const failed = await failMail(client);
  const processing = await runVideo(client);
  for (let at = 0; at < 40; at++) {
    const { tell } = await begin(client, 'thumbnail', 'worker-2');
    await tell('complete', { result: { width: 320, height: 240, bytes: 18_442 } });
  }
  for (let at = 0; at < 3; at++) {
    const { tell } = await begin(client, 'broken', 'worker-1');
    await tell('fail', { error_message: 'The input has no header', retry: false });
  }
  const { id: completed, tell } = await begin(client, 'thumbnail', 'worker-2');
  await tell('complete', { result: { width: 320, height: 240, bytes: 18_442 } });
  const nightly = {
    type: 'report',
    run_after_utc: '2099-01-02T03:00:00Z',
    idempotency_key: 'report-2099-01-02',
  };
  const scheduled = await client.enqueue(nightly.type, nightly);
  await client.enqueueMany(many(4, { type: 'transcription', payload: { language: 'pt' } }));
  const demands = { payload: { language: 'pt' }, compatibility: { gpu: true, region: ['eu'] } };
  const waiting = await client.enqueue('transcription', demands);
  return { waiting, scheduled, processing, completed, failed };
}

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
