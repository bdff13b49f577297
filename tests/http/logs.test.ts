import { describe, expect, test } from '@jest/globals';
import { api, expectProblem, nextPath, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const append = ({ task_id, lease_token }: { task_id: number; lease_token: string }, entries: unknown) =>
  app().http.post(`/api/queue/tasks/${task_id}/logs`).send({ lease_token, entries });

/** A claimed task with one entry for each level after its claim. */
async function loggedTask() {
  const type = `logged-${Math.random()}`;
  await api.enqueue(app(), { type });
  const [task] = await api.claim(app(), { types: [type] });
  const levels = ['debug', 'info', 'warning', 'error'];
  const entries = levels.map((level, n) => ({ level, message: `m${n}`, details: { n } }));
  expect((await append(task, entries)).status).toBe(202);
  return task;
}

const messagesOf = (entries: { message: string }[]): string[] => entries.map(({ message }) => message);

describe('POST /api/queue/tasks/{task_id}/logs', () => {
  test('stores entries, with any JSON as details', async () => {
    const task = await loggedTask();
    const details = [null, undefined, 0, 'x', [1, { a: null }], { deep: { '😀': true } }];
    const response = await append(
      task,
      details.map((value) => ({ level: 'info', message: '', details: value })),
    );
    expect(response.status).toBe(202);
    expect(response.text).toBe('');
    const stored = (await api.logs(app(), task.task_id)).slice(-details.length);
    expect(stored.map((entry: { details: unknown }) => entry.details)).toEqual(
      details.map((value) => value ?? null),
    );
  });

  test.each([
    ['no entries', [], '/entries'],
    ['entries that are no array', {}, '/entries'],
    ['too many', Array.from({ length: 1001 }, () => ({ level: 'info', message: 'm' })), '/entries'],
    ['an unknown level', [{ level: 'warn', message: 'm' }], '/entries/0/level'],
    ['no message', [{ level: 'info', message: 'a' }, { level: 'info' }], '/entries/1/message'],
    ['a message that is no text', [{ level: 'info', message: 1 }], '/entries/0/message'],
    ['an unknown field', [{ level: 'info', message: 'm', at: 1 }], '/entries/0/at'],
  ])('refuses %s', async (_what, entries, pointer) => {
    const task = { task_id: 1, lease_token: 't' };
    expectProblem(await append(task, entries), 422, 'VALIDATION_FAILED', [pointer]);
  });

  test('refuses a lease that is not held', async () => {
    const task = await loggedTask();
    await api.report(app(), 'complete', task);
    const entries = [{ level: 'info', message: 'too late' }];
    expectProblem(await append(task, entries), 409, 'LEASE_LOST');
    expectProblem(await append({ ...task, task_id: 99_999 }, entries), 404, 'TASK_NOT_FOUND');
    expect(messagesOf(await api.logs(app(), task.task_id))).not.toContain('too late');
  });
});

describe('GET /api/queue/tasks/{task_id}/logs', () => {
  test('answers transitions and what the handler logged, oldest first', async () => {
    const task = await loggedTask();
    await api.report(app(), 'complete', task);
    const response = await app().http.get(`/api/queue/tasks/${task.task_id}/logs`);
    expect(response.status).toBe(200);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers).not.toHaveProperty('link');
    const entries = response.body;
    expect(messagesOf(entries)).toEqual(['Claimed by worker-1', 'm0', 'm1', 'm2', 'm3', 'Completed']);
    expect(Object.keys(entries[2])).toEqual(['log_id', 'at_utc', 'level', 'message', 'details', 'attempt']);
    expect(entries[2]).toEqual({
      log_id: expect.any(Number),
      at_utc: '2025-11-05T12:00:00.000Z',
      level: 'info',
      message: 'm1',
      details: { n: 1 },
      attempt: 1,
    });
    const ids = entries.map(({ log_id }: { log_id: number }) => log_id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  test('answers one level where asked for', async () => {
    const { task_id: id } = await loggedTask();
    expect(messagesOf(await api.logs(app(), id, '?level=warning'))).toEqual(['m2']);
    expect(messagesOf(await api.logs(app(), id, '?level=info'))).toEqual(['Claimed by worker-1', 'm1']);
    expectProblem(await app().http.get(`/api/queue/tasks/${id}/logs?level=`), 422, 'VALIDATION_FAILED');
  });

  test.each([
    ['', 1],
    ['', 2],
    ['', 5],
    ['level=info&', 1],
  ])('hands out pages by Link: %slimit=%i', async (filter, limit) => {
    const task = await loggedTask();
    const all = await api.logs(app(), task.task_id, `?${filter}`);
    const pages = [];
    let next: string | undefined = `/api/queue/tasks/${task.task_id}/logs?${filter}limit=${limit}`;
    while (next) {
      const response = await app().http.get(next);
      expect(response.status).toBe(200);
      expect(response.body.length).toBeGreaterThan(0);
      pages.push(...response.body);
      next = nextPath(response.headers);
    }
    expect(pages).toEqual(all);
  });

  test('refuses a cursor that is not its own', async () => {
    const [a, b] = [await loggedTask(), await loggedTask()];
    const path = `/api/queue/tasks/${a.task_id}/logs`;
    const { link } = (await app().http.get(`${path}?level=info&limit=1`)).headers;
    const cursor = /cursor=([^>]+)>/.exec(link as string)?.[1];
    const get = (target: string) => app().http.get(target);
    expect((await get(`${path}?level=info&limit=7&cursor=${cursor}`)).status).toBe(200);
    for (const target of [
      `${path}?cursor=${cursor}`,
      `${path}?level=error&cursor=${cursor}`,
      `/api/queue/tasks/${b.task_id}/logs?level=info&cursor=${cursor}`,
      `${path}?level=info&cursor=${cursor}x`,
      `${path}?level=info&cursor=7`,
      `${path}?level=info&cursor=%00`,
      `${path}?level=info&cursor=${'A'.repeat(5000)}`,
    ]) {
      expectProblem(await get(target), 422, 'CURSOR_INVALID', ['/cursor']);
    }
    expect((await get(`${path}?cursor=`)).status).toBe(200);
  });

  test.each([
    ['limit=0', '/limit'],
    ['limit=1001', '/limit'],
    ['level=warn', '/level'],
    ['level=info&level=info', '/level'],
    ['cursor=a&cursor=b', '/cursor'],
  ])('refuses %s', async (query, pointer) => {
    const response = await app().http.get(`/api/queue/tasks/1/logs?${query}`);
    expectProblem(response, 422, 'VALIDATION_FAILED', [pointer]);
  });

  test('answers 404 for an unknown task and 422 for what is no id', async () => {
    expectProblem(await app().http.get('/api/queue/tasks/99999/logs'), 404, 'TASK_NOT_FOUND');
    expectProblem(await app().http.get('/api/queue/tasks/0/logs'), 422, 'VALIDATION_FAILED', ['/task_id']);
  });
});
