import { describe, expect, test } from '@jest/globals';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

/** Bodies as text: an object literal would set the prototype instead of having it as a member. */
const post = (path: string, body: string) =>
  app().http.post(`/api/queue/${path}`).set('Content-Type', 'application/json').send(body);

const EVIL = '{"admin":true,"scopes":["admin"],"polluted":1}';
const MEMBERS = [
  `"__proto__":${EVIL}`,
  `"constructor":{"prototype":${EVIL}}`,
  `"prototype":${EVIL}`,
  `"hasOwnProperty":1`,
  `"toString":1,"valueOf":null`,
  `"toJSON":${EVIL}`,
  `"then":1`,
  `"__defineGetter__":1,"__lookupSetter__":2`,
];

/** Nobody else's objects have become different. */
function expectUnpolluted(): void {
  for (const value of [{}, [], () => undefined, 'text', 1]) {
    for (const name of ['admin', 'scopes', 'polluted']) expect((value as never)[name]).toBeUndefined();
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect({}.toString()).toBe('[object Object]');
}

describe.each(MEMBERS)('a member %s', (member) => {
  const type = `type ${MEMBERS.indexOf(member)}`;

  test('of a payload comes back as it was sent, and pollutes nothing', async () => {
    const payload = `{"a":{${member}},${member}}`;
    const enqueued = await post('enqueue', `{"type":"mail","payload":${payload}}`);
    expect(enqueued.status).toBe(201);
    const { text } = await app().http.get(`/api/queue/tasks/${enqueued.body.task_id}`);
    expect(text).toContain(`"payload":${payload}`);
    expect((await app().http.get('/api/queue/tasks')).text).toContain(`"payload":${payload}`);
    expectUnpolluted();
  });

  test('of a result, of details and of capabilities comes back likewise, and matches nothing by chance', async () => {
    await api.enqueue(app(), { type, compatibility: { admin: true } });
    const wrong = await post('claims', `{"worker_id":"w","types":["${type}"],"capabilities":{${member}}}`);
    expect([wrong.status, wrong.body.tasks]).toEqual([200, []]);

    const id = (await post('enqueue', `{"type":"${type}","compatibility":{${member}}}`)).body.task_id;
    const none = await post('claims', `{"worker_id":"w","types":["${type}"]}`);
    expect(none.body.tasks).toEqual([]);
    const right = await post('claims', `{"worker_id":"w","types":["${type}"],"capabilities":{${member}}}`);
    const [task] = right.body.tasks;
    expect(task.task_id).toBe(id);
    const proof = `"lease_token":${JSON.stringify(task.lease_token)}`;
    const entries = `[{"level":"info","message":"m","details":{${member}}}]`;
    expect((await post(`tasks/${id}/logs`, `{${proof},"entries":${entries}}`)).status).toBe(202);
    expect((await post(`tasks/${id}/complete`, `{${proof},"result":{${member}}}`)).status).toBe(200);
    expect((await app().http.get(`/api/queue/tasks/${id}`)).text).toContain(`"result":{${member}}`);
    expect((await app().http.get(`/api/queue/tasks/${id}/logs`)).text).toContain(`"details":{${member}}`);
    expectUnpolluted();
  });

  test('of the request itself is refused by its name', async () => {
    for (const [path, rest] of [
      ['enqueue', '"type":"mail"'],
      ['claims', '"worker_id":"w"'],
    ]) {
      const { status, body } = await post(path as string, `{${rest},${member}}`);
      expect([status, body.error_code]).toEqual([422, 'VALIDATION_FAILED']);
    }
    const batch = await post('enqueue/batch', `{"tasks":[{"type":"mail",${member}}]}`);
    expect(batch.status).toBe(422);
    expectUnpolluted();
  });
});

test('idempotency keys and payloads with such members are compared by what is in them', async () => {
  const first = await post(
    'enqueue',
    '{"type":"mail","idempotency_key":"__proto__","payload":{"__proto__":{"a":1}}}',
  );
  const same = await post(
    'enqueue',
    '{"type":"mail","idempotency_key":"__proto__","payload":{"__proto__":{"a":1}}}',
  );
  const other = await post(
    'enqueue',
    '{"type":"mail","idempotency_key":"__proto__","payload":{"__proto__":{"a":2}}}',
  );
  const none = await post('enqueue', '{"type":"mail","idempotency_key":"__proto__","payload":{}}');
  expect([first.status, same.body.task_id]).toEqual([201, first.body.task_id]);
  expect([other.status, none.status]).toEqual([422, 422]);
  expectUnpolluted();
});

test('types, workers and parameters of such names are names like others', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype']) {
    const id = await api.enqueue(app(), { type: name });
    const found = await app().http.get(`/api/queue/tasks?type=${name}`);
    expect(found.body.map(({ task_id }: { task_id: number }) => task_id)).toEqual([id]);
    const [task] = await api.claim(app(), { types: [name], worker_id: name });
    expect(task.task_id).toBe(id);
    expect((await app().http.get('/api/queue/workers')).text).toContain(`"worker_id":"${name}"`);
    expect((await app().http.get('/api/queue/stats/types')).text).toContain(`"type":"${name}"`);
  }
  // Names that begin with _ are the client's own, all others are refused.
  for (const [query, status] of [
    ['__proto__[polluted]=1', 200],
    ['constructor[prototype][polluted]=1', 422],
    ['__proto__=1&__proto__=2', 200],
  ] as const) {
    expect((await app().http.get(`/api/queue/tasks?${query}`)).status).toBe(status);
    expect((await app().http.get(`/api/queue/changes?${query}`)).status).toBe(status);
  }
  expectUnpolluted();
});
