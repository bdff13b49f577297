import { describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/index.js';
import { ROUTES } from '../support/api-document.js';
import { onTestEnd } from '../support/cleanup.js';
import { expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const Q = '/api/queue';

/** What a request's query is refused for, by parameter. */
async function refusals(path: string): Promise<Record<string, string>> {
  const response = await app().http.get(path);
  expectProblem(response, 422, 'VALIDATION_FAILED');
  return Object.fromEntries(
    response.body.errors.map(({ pointer, message }: { pointer: string; message: string }) => [
      pointer,
      message,
    ]),
  );
}

const unknown = (advice: string) => `is not a known parameter: ${advice}`;

describe('a parameter that is not known', () => {
  test.each([
    [`${Q}/tasks?stauts=failed`, '/stauts', unknown('did you mean "status"?')],
    [`${Q}/tasks?Status=failed`, '/Status', unknown('did you mean "status"?')],
    [`${Q}/tasks?failureReason=error`, '/failureReason', unknown('did you mean "failure_reason"?')],
    [`${Q}/tasks?ids[]=1&ids[]=2`, '/ids[]', unknown('write ids=1,2')],
    [`${Q}/tasks?ids%5B0%5D=1`, '/ids[0]', unknown('write ids=1,2')],
    [`${Q}/tasks?status[]=failed`, '/status[]', unknown('write status= without brackets, once')],
    [`${Q}/tasks?type[]=x`, '/type[]', unknown('write type= without brackets, once')],
    [`${Q}/tasks/1?wiat=3`, '/wiat', unknown('did you mean "wait"?')],
    [`${Q}/tasks/1?wait[]=3`, '/wait[]', unknown('write wait= without brackets, once')],
    [`${Q}/changes?ids[]=1`, '/ids[]', unknown('write ids=1,2')],
    [`${Q}/events?typ=x`, '/typ', unknown('did you mean "type"?')],
    [`${Q}/tasks/1/events?cursr=1`, '/cursr', unknown('did you mean "cursor"?')],
    [`${Q}/tasks/1/logs?levle=info`, '/levle', unknown('did you mean "level"?')],
    [`${Q}/stats?type=x`, '/type', unknown('there are no parameters here')],
    [`${Q}/stats/types?zzzzzzzz=x`, '/zzzzzzzz', unknown('known here are limit, after')],
    ['/api/audit?task=1', '/task', unknown('did you mean "task_id"?')],
  ])('is refused, and the nearest is named: %s', async (path, pointer, message) => {
    expect(await refusals(path)).toEqual({ [pointer]: message });
  });

  test('is told together with everything else that is wrong, once', async () => {
    expect(Object.keys(await refusals(`${Q}/tasks?stauts=a&stauts=b&limit=0&=1`)).sort()).toEqual([
      '/',
      '/limit',
      '/stauts',
    ]);
  });

  test('is refused on every route, whatever the method', async () => {
    expect(ROUTES.length).toBeGreaterThan(25);
    for (const { method, path } of ROUTES) {
      const url = path.replace(':task_id', '1');
      const request = app().http[method](`${url}?nonsense=1`);
      const { status, body } = await (method === 'post' ? request.send({}) : request);
      const told = body.errors?.map(({ pointer }: { pointer: string }) => pointer);
      expect([method, path, status, told]).toEqual([
        method,
        path,
        422,
        expect.arrayContaining(['/nonsense']),
      ]);
    }
  });

  test('is refused by a server of its own, which has a transport of its own for plain requests', async () => {
    const server = createApp({ database: ':memory:' });
    onTestEnd(() => server.stop());
    const { taskId: id } = await server.queue.enqueue({ type: 'mail' });
    const url = await server.start({ port: 0 });
    const statusOf = async (path: string, init?: RequestInit) => (await fetch(`${url}${path}`, init)).status;
    expect(await statusOf(`${Q}/tasks/${id}`)).toBe(200);
    expect(await statusOf(`${Q}/tasks/${id}?`)).toBe(200);
    expect(await statusOf(`${Q}/tasks/${id}?_=1`)).toBe(200);
    expect(await statusOf(`${Q}/tasks/${id}?wiat=1`)).toBe(422);
    const headers = { 'Content-Type': 'application/json' };
    const enqueue = { method: 'POST', headers, body: '{"type":"mail"}' };
    expect(await statusOf(`${Q}/enqueue`, enqueue)).toBe(201);
    expect(await statusOf(`${Q}/enqueue?priority=1`, enqueue)).toBe(422);
  });
});

test.each([`${Q}/tasks`, `${Q}/changes`, `${Q}/events`])('ids given twice: %s says how', async (path) => {
  expect(await refusals(`${path}?ids=1&ids=2`)).toEqual({
    '/ids': 'is given more than once; write several as ids=1,2',
  });
});

test.each([
  `${Q}/tasks?ids=`,
  `${Q}/changes?ids=`,
  `${Q}/tasks?idempotency_key=`,
  `${Q}/tasks?failure_reason=`,
  `${Q}/tasks/1/logs?level=`,
  '/api/audit?actor=',
  '/api/audit?action=',
  '/api/audit?task_id=',
])('a filter without a value does not answer everything: %s', async (path) => {
  await refusals(path);
});
