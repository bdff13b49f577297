import { expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.js';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const claimed = async (): Promise<(string | null)[]> =>
  (await api.claim(app(), { limit: 100 })).map(
    ({ traceparent }: { traceparent: string | null }) => traceparent,
  );

test('is kept from an enqueue, over either transport, and returned with each claim of the task', async () => {
  const address = await app().app.start({ port: 0 });
  await app().http.post('/api/queue/enqueue').set('traceparent', TRACEPARENT).send({ type: 'a' });
  const headers = { 'Content-Type': 'application/json', traceparent: TRACEPARENT };
  await fetch(`${address}/api/queue/enqueue`, { method: 'POST', headers, body: '{"type":"a"}' });
  await api.enqueue(app());
  expect(await claimed()).toEqual([TRACEPARENT, TRACEPARENT, null]);
});

test('of a batch is that of each of its tasks', async () => {
  const tasks = [{ type: 'a' }, { type: 'b' }];
  await app()
    .http.post('/api/queue/enqueue/batch')
    .set('traceparent', TRACEPARENT)
    .send({ tasks })
    .expect(201);
  expect(await claimed()).toEqual([TRACEPARENT, TRACEPARENT]);
});

test('that is none is not heeded, and not refused', async () => {
  const wrong = TRACEPARENT.toUpperCase();
  await app().http.post('/api/queue/enqueue').set('traceparent', wrong).send({ type: 'a' }).expect(201);
  expect(await claimed()).toEqual([null]);
});

test('is in no other answer than a claim', async () => {
  await app().http.post('/api/queue/enqueue').set('traceparent', TRACEPARENT).send({ type: 'a' });
  expect(await api.task(app(), 1)).not.toHaveProperty('traceparent');
  const [task] = await api.claim(app());
  expect(await api.report(app(), 'complete', task)).not.toHaveProperty('traceparent');
});

test('does not make another request of the same idempotency key', async () => {
  const enqueue = () => app().http.post('/api/queue/enqueue').set('Idempotency-Key', 'k').send({ type: 'a' });
  await enqueue().set('traceparent', TRACEPARENT).expect(201);
  const again = await enqueue().expect(201);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(await claimed()).toEqual([TRACEPARENT]);
});

test('is asked for by the client with every task, where it was told whom to ask', async () => {
  const address = await app().app.start({ port: 0 });
  const contexts = [TRACEPARENT, null, undefined];
  const client = createClient({ url: address, traceparent: () => contexts.shift() });
  for (let n = 0; n < 3; n++) await client.enqueue({ type: 'a' });
  contexts.push(TRACEPARENT);
  await client.enqueueMany([{ type: 'a' }, { type: 'a' }]);
  expect(await claimed()).toEqual([TRACEPARENT, null, null, TRACEPARENT, TRACEPARENT]);
});
