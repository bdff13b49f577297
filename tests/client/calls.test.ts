import { describe, expect, test } from '@jest/globals';
import { api, WAYS } from '../support/test-app.js';
import { collect } from '../support/waiting.js';

const NOON = new Date('2025-11-05T12:00:00.000Z');

describe.each(WAYS)('%s', (_way, open) => {
  test('a task is enqueued with all that can be said of it, and read again', async () => {
    const { queue } = await open();
    const runAfter = new Date('2025-11-05T12:00:05.000Z');
    const enqueued = await queue.enqueue({
      type: ' mail ',
      payload: { to_whom: 'ada', sent_utc: 'snake and all' },
      priority: 7,
      maxAttempts: 2,
      runAfter,
      compatibility: { some_region: 'west' },
      idempotencyKey: 'once',
    });
    expect(enqueued).toEqual({
      taskId: 1,
      status: 'queued',
      createdAt: NOON,
      message: 'Task enqueued successfully',
    });
    expect(await queue.get(1)).toEqual({
      taskId: 1,
      type: 'mail',
      status: 'queued',
      priority: 7,
      attempts: 0,
      maxAttempts: 2,
      payload: { to_whom: 'ada', sent_utc: 'snake and all' },
      compatibility: { some_region: 'west' },
      progress: null,
      progressMessage: null,
      result: null,
      errorMessage: null,
      failureReason: null,
      createdAt: NOON,
      updatedAt: NOON,
      runAfter,
      processingStartedAt: null,
      finishedAt: null,
      leaseUntil: null,
      lockedBy: null,
      idempotencyKey: 'once',
      done: false,
      queuePosition: 0,
      estimatedStart: null,
    });
  });

  test('an idempotency key that is there already gives its task, and refuses another one', async () => {
    const { queue } = await open();
    await queue.enqueue({ type: 'mail', idempotencyKey: 'once' });
    const again = await queue.enqueue({ type: 'mail', idempotencyKey: 'once' });
    expect(again).toMatchObject({ taskId: 1, message: 'Task already exists (idempotency key match)' });
    const other = queue.enqueue({ type: 'fax', idempotencyKey: 'once' });
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  test('many tasks are enqueued, all or none', async () => {
    const { queue } = await open();
    const enqueued = await queue.enqueueMany([{ type: 'a' }, { type: 'b', payload: { n: 1 } }]);
    expect(enqueued.map(({ taskId }) => taskId)).toEqual([1, 2]);
    const bad = queue.enqueueMany([{ type: 'c' }, { type: 'd', priority: 0 }]);
    await expect(bad).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      problems: [{ pointer: '/tasks/1/priority', message: 'must be 1 or more' }],
    });
    const reused = queue.enqueueMany([
      { type: 'e', idempotencyKey: 'k' },
      { type: 'f', idempotencyKey: 'k' },
    ]);
    await expect(reused).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
      problems: [{ pointer: '/tasks/1' }],
    });
    expect(await queue.stats()).toMatchObject({ totalTasks: 2 });
  });

  test.each([
    [{ type: '' }, '/type'],
    [{ type: 'a', priority: 1.5 }, '/priority'],
    [{ type: 'a', prioritaet: 5 }, '/prioritaet'],
    [{ type: 'a', payload: [] }, '/payload'],
    [{ type: 'a', payload: { large: 2 ** 60 } }, '/payload/large'],
    [{ type: 'a', runAfter: new Date(Date.UTC(10_000, 0)) }, '/run_after_utc'],
  ])('%j is refused at %s', async (task, pointer) => {
    const { queue } = await open();
    const refused = queue.enqueue(task as never);
    await expect(refused).rejects.toMatchObject({ code: 'VALIDATION_FAILED', problems: [{ pointer }] });
  });

  test('a Date that is no instant does not become "at once"', async () => {
    const { queue } = await open();
    const refused = queue.enqueue({ type: 'a', runAfter: new Date('nonsense') });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await queue.stats()).toMatchObject({ totalTasks: 0 });
  });

  test('an unknown task and an impossible id are told apart', async () => {
    const { queue } = await open();
    const asked = [
      () => queue.get(99),
      () => queue.cancel(99),
      () => queue.retry(99),
      () => collect(queue.logs(99)),
    ];
    for (const ask of asked) {
      await expect(ask()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND', message: 'Task 99 not found' });
    }
    for (const id of [0, -1, 1.5, Number.NaN]) {
      await expect(queue.get(id)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  test('tasks are asked for by their ids', async () => {
    const { queue } = await open();
    await queue.enqueueMany([{ type: 'a' }, { type: 'b' }, { type: 'c' }]);
    expect((await queue.getMany([3, 99, 1])).map(({ taskId }) => taskId)).toEqual([3, 1]);
    expect(await queue.getMany([])).toEqual([]);
    await expect(queue.getMany([0])).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('a list goes on from page to page, newest first, and can be narrowed', async () => {
    const { queue } = await open();
    await queue.enqueueMany(Array.from({ length: 7 }, (_, at) => ({ type: at % 2 ? 'odd' : 'even' })));
    const ids = async (query: object) => (await collect(queue.list(query))).map(({ taskId }) => taskId);
    expect(await ids({ limit: 2 })).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect(await ids({ type: 'odd', limit: 2 })).toEqual([6, 4, 2]);
    await queue.cancel(4);
    expect(await ids({ type: 'odd', status: 'failed' })).toEqual([4]);
    expect(await ids({ type: 'nobody' })).toEqual([]);
    const { taskId } = await queue.enqueue({ type: 'even', idempotencyKey: 'order 7' });
    expect(await ids({ idempotencyKey: 'order 7' })).toEqual([taskId]);
    expect(await ids({ idempotencyKey: 'order 7', type: 'odd' })).toEqual([]);
    expect(await ids({ idempotencyKey: 'order 8' })).toEqual([]);
  });

  test('a page says where the next one begins', async () => {
    const { queue } = await open();
    await queue.enqueueMany([{ type: 'a' }, { type: 'a' }, { type: 'a' }]);
    const first = await queue.page({ limit: 2 });
    expect(first.items.map(({ taskId }) => taskId)).toEqual([3, 2]);
    const second = await queue.page({ limit: 2, cursor: first.next });
    expect(second.items.map(({ taskId }) => taskId)).toEqual([1]);
    expect(second.next).toBeNull();
    const strange = queue.page({ type: 'a', cursor: first.next });
    await expect(strange).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(queue.page({ limit: 1001 })).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('a task is cancelled once, and tried again', async () => {
    const { queue } = await open();
    await queue.enqueue({ type: 'a' });
    await expect(queue.retry(1)).rejects.toMatchObject({ code: 'TASK_NOT_FINISHED' });
    const cancelled = { taskId: 1, status: 'failed', message: 'Task cancelled successfully' };
    expect(await queue.cancel(1)).toEqual(cancelled);
    expect(await queue.cancel(1)).toMatchObject({ message: 'Task already failed, cannot cancel' });
    expect(await queue.retry(1)).toEqual({ taskId: 1, status: 'queued', message: 'Task queued again' });
  });

  test('the log of a task tells what happened, page after page', async () => {
    const { queue, app } = await open();
    const id = await api.enqueue(app);
    const [claimed] = await api.claim(app);
    const entries = Array.from({ length: 120 }, (_, at) => ({
      level: at % 2 ? 'warning' : 'debug',
      message: `entry ${at}`,
      details: { at_utc: at },
    }));
    const body = { lease_token: claimed.lease_token, entries };
    await app.http.post(`/api/queue/tasks/${id}/logs`).send(body).expect(202);

    const log = await collect(queue.logs(id));
    expect(log).toHaveLength(121);
    expect(log[0]).toMatchObject({ level: 'info', message: 'Claimed by worker-1', at: NOON, attempt: 1 });
    expect(log[120]).toMatchObject({ level: 'warning', message: 'entry 119', details: { at_utc: 119 } });
    const first = await queue.logPage(id, { limit: 3 });
    expect(first.items).toEqual(log.slice(0, 3));
    const second = await queue.logPage(id, { limit: 2, cursor: first.next });
    expect(second.items).toEqual(log.slice(3, 5));
    expect(await collect(queue.logs(id, { level: 'warning' }))).toHaveLength(60);
  });

  test('the queue is told in numbers', async () => {
    const { queue, app } = await open();
    await queue.enqueueMany([{ type: 'a' }, { type: 'a' }, { type: 'b' }]);
    app.clock.advance(1500);
    const [task] = await api.claim(app, { types: ['a'] });
    app.clock.advance(500);
    await api.report(app, 'complete', task);

    const counts = { totalTasks: 3, queuedTasks: 2, processingTasks: 0, completedTasks: 1, failedTasks: 0 };
    expect(await queue.stats()).toEqual({ ...counts, oldestQueuedAgeSeconds: 2 });
    expect(await queue.dueStats()).toEqual({ oldestDueAgeSeconds: 2 });
    const types = await queue.statsByType();
    expect(types).toMatchObject([
      { type: 'a', totalTasks: 2, completedTasks: 1, usualWaitSeconds: 1.5, usualRunSeconds: 0.5 },
      { type: 'b', totalTasks: 1, usualWaitSeconds: null },
    ]);
    expect(await queue.statsByType({ after: 'a' })).toEqual([types[1]]);
    const [span] = await queue.history({ minutes: 1 });
    expect(span).toMatchObject({ minute: NOON, enqueued: 3, started: 1, completed: 1, failed: 0 });
    expect(span?.waitSeconds.p50).toBeCloseTo(1.5, 0);
    const wide = queue.history({ minutes: 10_080, step: 1 });
    await expect(wide).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('workers are told with what they hold', async () => {
    const { queue, app } = await open();
    const id = await api.enqueue(app);
    await api.claim(app, { worker_id: 'w', types: ['mail'], capabilities: { some_gpu: true } });
    expect(await queue.workers()).toMatchObject([
      {
        workerId: 'w',
        types: ['mail'],
        capabilities: { some_gpu: true },
        heldTaskIds: [id],
        startedAt: NOON,
        lastHeartbeat: NOON,
        live: true,
        state: 'live',
        overdue: 0,
      },
    ]);
  });

  test('a call that was called off does nothing', async () => {
    const { queue } = await open();
    const signal = AbortSignal.abort(new Error('not any more'));
    await expect(queue.enqueue({ type: 'a' }, { signal })).rejects.toThrow('not any more');
    await expect(queue.stats({ signal })).rejects.toThrow('not any more');
    await expect(collect(queue.list({ signal }))).rejects.toThrow('not any more');
    expect(await queue.stats()).toMatchObject({ totalTasks: 0 });
  });
});
