import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEntry } from '../../../src/client/index.js';
import { makeKey } from '../../support/access.js';
import { ROUTES } from '../../support/api-document.js';
import { useTestApp } from '../../support/test-app.js';

const app = useTestApp();

const NAME = 'Zoë @home_7.b';

let headers: Record<string, string>;

// biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
type Body = any;

const post = (path: string, body: object = {}, requestId = 'mine') =>
  app()
    .http.post(path.startsWith('/api') ? path : `/api/queue/${path}`)
    .set({ ...headers, 'X-Request-Id': requestId })
    .send(body);

async function ok(path: string, body?: object): Promise<Body> {
  const reply = await post(path, body);
  if (reply.status >= 300) throw new Error(`${path}: ${reply.status} ${reply.text}`);
  return reply.body;
}

async function entries(): Promise<(AuditEntry & Body)[]> {
  const { body } = await app().http.get('/api/audit').set(headers);
  return body;
}

const claim = async () => (await ok('claims', { worker_id: 'w' })).tasks[0];

/** The newest entry in the log of the task that is claimed first. */
async function lastLogged(): Promise<string> {
  const { body } = await app().http.get('/api/queue/tasks/1/logs').set(headers);
  return body.at(-1).message;
}

beforeEach(async () => {
  headers = {
    Authorization: `Bearer ${await makeKey(app().file, ['admin'], { name: NAME, clock: app().clock })}`,
  };
  for (const type of ['mail', 'print', 'scan']) await ok('enqueue', { type });
  await ok('tasks/2/cancel');
});

/** By the name of the operation: what asks for it, and what the log then says. Task 1 and 3 wait; 2 is done. */
const WRITES: Record<string, { ask: () => Promise<unknown>; entry: Body }> = {
  enqueueTask: {
    ask: () => ok('enqueue', { type: 'mail' }),
    entry: { action: 'enqueue', task_id: 4, outcome: 'created', details: { type: 'mail' } },
  },
  enqueueTasks: {
    ask: () => ok('enqueue/batch', { tasks: [{ type: 'a' }, { type: 'b' }, { type: 'c' }] }),
    entry: {
      action: 'enqueue',
      task_id: null,
      outcome: 'created',
      details: { tasks: 3, created: 3, first_task_id: 4, last_task_id: 6 },
    },
  },
  cancelTask: {
    ask: () => ok('tasks/1/cancel'),
    entry: { action: 'cancel', task_id: 1, outcome: 'cancelled', details: null },
  },
  retryTask: {
    ask: () => ok('tasks/2/retry'),
    entry: { action: 'retry', task_id: 2, outcome: 'queued', details: null },
  },
  cancelTasks: {
    ask: () => ok('bulk/cancel', { filter: { type: 'mail' }, expected: 1 }),
    entry: { action: 'bulk cancel', task_id: null },
  },
  retryTasks: {
    ask: () => ok('bulk/retry', { filter: { type: 'print', failure_reason: 'cancelled' }, expected: 1 }),
    entry: { action: 'bulk retry', task_id: null },
  },
  deleteTasks: {
    ask: () => ok('bulk/delete', { filter: { type: 'print' }, expected: 1 }),
    entry: { action: 'bulk delete', task_id: null },
  },
};

/** What a worker writes about its attempt, and what the log of the task then ends with. */
const WORKERS_WRITES: Record<string, { path: string; body?: object; logged: string }> = {
  renewLease: {
    path: 'heartbeat',
    body: { progress: 40, progress_message: 'half' },
    logged: 'Claimed by w',
  },
  completeTask: { path: 'complete', body: { result: 'r' }, logged: 'Completed' },
  failTask: { path: 'fail', body: { error_message: 'e', retry: false }, logged: 'Failed: e' },
  releaseTask: { path: 'release', logged: 'Released by its worker' },
  appendTaskLogs: { path: 'logs', body: { entries: [{ level: 'info', message: 'm' }] }, logged: 'm' },
};

const said = { actor: NAME, request_id: 'mine', address: expect.stringMatching(/127\.0\.0\.1$/) };

/** What was added to the log while `ask` ran. */
async function added(ask: () => Promise<unknown>): Promise<Body[]> {
  const before = (await entries()).length;
  await ask();
  const after = await entries();
  return after.slice(0, after.length - before);
}

describe('one entry for', () => {
  test.each(Object.entries(WRITES))('%s', async (_, { ask, entry }) => {
    expect(await added(ask)).toEqual([expect.objectContaining({ ...said, ...entry })]);
  });

  test('every route that changes something, but for those of workers', () => {
    const writes = ROUTES.filter(({ method }) => method !== 'get').map(({ docs }) => docs.operationId);
    const covered = [
      ...Object.keys(WRITES),
      'claimTasks',
      ...Object.keys(WORKERS_WRITES),
      'signIn',
      'signOut',
    ];
    expect(covered.sort()).toEqual(writes.sort());
  });

  test('an idempotent repetition, and a cancel that came too late: nothing was changed, but somebody asked', async () => {
    await ok('enqueue', { type: 'mail', idempotency_key: 'k' });
    const again = await added(() => ok('enqueue', { type: 'mail', idempotency_key: 'k' }));
    expect(again).toEqual([expect.objectContaining({ action: 'enqueue', task_id: 4, outcome: 'replayed' })]);
    const late = await added(() => ok('tasks/2/cancel'));
    expect(late).toEqual([expect.objectContaining({ action: 'cancel', outcome: 'already failed' })]);
  });
});

describe('no entry for', () => {
  test('a claim, which the log of the task has', async () => {
    expect(await added(claim)).toEqual([]);
    expect(await lastLogged()).toBe('Claimed by w');
  });

  test.each(Object.entries(WORKERS_WRITES))(
    '%s, which the log of the task has',
    async (_, { path, body, logged }) => {
      const { task_id, lease_token } = await claim();
      expect(await added(() => ok(`tasks/${task_id}/${path}`, { lease_token, ...body }))).toEqual([]);
      expect(await lastLogged()).toBe(logged);
    },
  );

  const REFUSED: Record<string, [number, string, object?]> = {
    'a task that is not there': [404, 'tasks/99/cancel'],
    'a retry of a live task': [409, 'tasks/1/retry'],
    'an enqueue that is not valid': [422, 'enqueue', { type: '' }],
    'a batch with one that is not valid': [422, 'enqueue/batch', { tasks: [{ type: 'a' }, { type: '' }] }],
    'a batch that was rolled back': [
      422,
      'enqueue/batch',
      {
        tasks: [
          { type: 'a', idempotency_key: 'x' },
          { type: 'b', idempotency_key: 'x' },
        ],
      },
    ],
    'a lease that is lost': [409, 'tasks/1/complete', { lease_token: 'nonsense' }],
    'a heartbeat of a lost lease': [409, 'tasks/1/heartbeat', { lease_token: 'nonsense', progress: 1 }],
    'a claim that came back empty': [200, 'claims', { worker_id: 'w', types: ['nothing'] }],
    'a bulk change that was only counted': [200, 'bulk/cancel', { filter: { type: 'mail' } }],
  };

  test.each(Object.entries(REFUSED))('%s', async (_, [status, path, body]) => {
    const ask = async () => expect((await post(path, body)).status).toBe(status);
    expect(await added(ask)).toEqual([]);
  });

  test('who may not', async () => {
    const key = await makeKey(app().file, ['read'], { name: 'reader', clock: app().clock });
    const refused = async () => {
      for (const set of [{}, { 'X-API-Key': key }]) {
        const { status } = await app().http.post('/api/queue/tasks/1/cancel').set(set);
        expect([401, 403]).toContain(status);
      }
    };
    const [made, ...others] = await added(refused);
    expect([made, others]).toEqual([undefined, []]);
  });
});

test('of many at once, those that were done have one each, and the others none', async () => {
  const count = 60;
  const asked = Array.from({ length: count }, (_, at) => {
    if (at % 5 === 4) return post(`tasks/${1000 + at}/cancel`, {}, `r${at}`);
    return post('enqueue', { type: 'many', ...(at % 7 === 0 && { idempotency_key: 'same' }) }, `r${at}`);
  });
  const replies = await Promise.all(asked);
  const { body } = await app().http.get('/api/audit?limit=200').set(headers);
  const byRequest = new Map<string, Body[]>();
  for (const entry of body as Body[])
    byRequest.set(entry.request_id, [...(byRequest.get(entry.request_id) ?? []), entry]);
  for (const [at, { status, body }] of replies.entries()) {
    const own = byRequest.get(`r${at}`) ?? [];
    expect([at, own.map(({ task_id }) => task_id)]).toEqual([at, status === 201 ? [body.task_id] : []]);
  }
});
