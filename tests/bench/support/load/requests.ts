import type { LoadRequest } from './load.js';

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
