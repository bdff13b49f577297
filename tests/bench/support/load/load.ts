import type { TaskRequest } from '../../../../src/core/task-request.js';
import type { Bench } from '../bench.js';
import type { LoadFunctions } from './load-process.js';

/** A request as text: what goes over the wire is made of it once, before the clock runs. */
export interface LoadRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Load {
  address: string;
  connections: number;
  /** Sent in turn, over and over. */
  requests: readonly LoadRequest[];
  /** How long to send. Answers that are still out then are waited for. */
  seconds: number;
  /**
   * Requests per second. They fall due at this pace whatever the server does, and one that finds no free connection
   * waits with its clock running: a server that stands still is seen by all who would have asked. Absent: each connection
   * sends its next request as soon as it has its answer.
   */
  perSecond?: number;
}

export interface LoadResult {
  answers: number;
  /** From the first request to the last answer. */
  seconds: number;
  perSecond: number;
  /** Answers by status; 0 is a connection that broke. */
  statuses: Record<number, number>;
  /** Answers outside 200–399. */
  errors: number;
  /** Milliseconds from falling due to the answer. */
  p50: number;
  p99: number;
  max: number;
  /** Share of the time in which the process that puts the load was busy: near 1, it is what was measured. */
  busy: number;
}

/** The type of every task of the bench, unless others are the point. */
export const TASK_TYPE = 'email';

const PAYLOAD = { to: 'somebody@example.com', template: 'welcome' };

/** An ordinary enqueue, as a service sends it. */
export const ENQUEUE: LoadRequest = {
  method: 'POST',
  path: '/api/queue/enqueue',
  body: JSON.stringify({ type: TASK_TYPE, payload: PAYLOAD }),
};

/** What the bare servers answer. */
export const HELLO: LoadRequest = { method: 'GET', path: '/' };

/** The newest hundred tasks. */
export const LIST: LoadRequest = { method: 'GET', path: '/api/queue/tasks' };

export const STATS: LoadRequest = { method: 'GET', path: '/api/queue/stats' };

/** A batch of `size` enqueues. */
export const enqueueBatch = (size: number): LoadRequest => ({
  method: 'POST',
  path: '/api/queue/enqueue/batch',
  body: JSON.stringify({ tasks: Array.from({ length: size }, () => JSON.parse(ENQUEUE.body as string)) }),
});

export const poll = (id: number): LoadRequest => ({ method: 'GET', path: `/api/queue/tasks/${id}` });

/** Polls of the first `count` tasks. */
export const polls = (count: number): LoadRequest[] => Array.from({ length: count }, (_, at) => poll(at + 1));

const { type, payload } = JSON.parse(ENQUEUE.body as string);

/** The task of {@link ENQUEUE}, as the controller makes it. */
export const TASK: TaskRequest = {
  type,
  payload: JSON.stringify(payload),
  compatibility: '{}',
  priority: 100,
  maxAttempts: 5,
  runAfter: null,
  idempotencyKey: null,
};

/** Throws when an answer was not what it should be: such a figure would say nothing. */
export function assertNoErrors(result: LoadResult): LoadResult {
  if (result.errors > 0)
    throw new Error(`Answers that are errors, by status: ${JSON.stringify(result.statuses)}`);
  return result;
}

/** Tasks that are polled. */
export const POLLED = 100;

const POLLS_PER_SECOND = 500;

/** Paced polls of a few tasks on eight connections: their clock runs whatever the server does. */
const pollLoad = (address: string, seconds: number): Load => ({
  address,
  seconds,
  connections: 8,
  perSecond: POLLS_PER_SECOND,
  requests: polls(POLLED),
});

/** Puts tasks there to be polled. */
export async function fillFor(bench: Bench, address: string): Promise<void> {
  const body = JSON.stringify({
    tasks: Array.from({ length: POLLED }, () => JSON.parse(ENQUEUE.body as string)),
  });
  const path = '/api/queue/enqueue/batch';
  await fetch(`${address}${path}`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  bench.say(`filled ${address}`);
}

export const onlyPolls = (bench: Bench, address: string, seconds: number): Promise<LoadResult> =>
  bench.load(pollLoad(address, seconds));

/** Polls while so many clients enqueue without a pause. */
export async function pollsAmongEnqueues(
  bench: Bench,
  address: string,
  { seconds, clients }: { seconds: number; clients: number },
): Promise<{ polled: LoadResult; enqueued: LoadResult }> {
  const enqueuer = bench.child<LoadFunctions>('load/load-process');
  const [polled, enqueued] = await Promise.all([
    onlyPolls(bench, address, seconds),
    enqueuer.call.run({ address, seconds, connections: clients, requests: [ENQUEUE] }),
  ]);
  await enqueuer.end();
  return { polled, enqueued };
}
