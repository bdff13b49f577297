import { existsSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { FaultyProxy } from '../support/fault-injection.js';
import { freePort, startPythonWorker } from '../support/processes.js';
import { Program, startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

async function serverAndWorker(concurrency = 4) {
  const folder = scratchFolder();
  const file = join(folder, 'queue.db');
  const server = await startServer(file, '--port', String(await freePort()));
  const client = new Client(server.url);
  const worker = await startPythonWorker(server.url, { concurrency });
  const until = join(folder, 'until');
  const noted = join(folder, 'noted');
  /** A task that waits for the file `until`; resolves once the worker has told of its progress. */
  const startWaiting = async (): Promise<number> => {
    const id = await client.enqueue('wait', { payload: { until, noted } });
    await eventually(async () => (await client.task(id)).progress === 40);
    return id;
  };
  return { file, server, client, worker, until, noted, startWaiting };
}

const finished = (client: Client, id: number) =>
  eventually(async () => {
    const task = await client.task(id);
    return task.done && task;
  });

const messages = async (client: Client, id: number): Promise<string[]> => {
  const { body } = await client.get(`/queue/tasks/${id}/logs`);
  return body.map(({ message }: { message: string }) => message);
};

test('it completes tasks with their results, and appears on the list of workers', async () => {
  const { client } = await serverAndWorker();
  const id = await client.enqueue('add', { payload: { a: 2, b: 40 } });
  expect(await finished(client, id)).toMatchObject({ status: 'completed', result: 42, locked_by: 'python' });
  const { body } = await client.get('/queue/workers');
  expect(body).toMatchObject([{ worker_id: 'python', live: true }]);
});

test('what failed is tried again, and what it logs is kept', async () => {
  const { client } = await serverAndWorker();
  const id = await client.enqueue('flaky', { payload: { attempts: 2 } });
  const waiting = await eventually(async () => {
    const task = await client.task(id);
    return task.error_message && task;
  });
  expect(waiting.error_message).toBe("RuntimeError('not yet')");
  expect(await finished(client, id)).toMatchObject({ status: 'completed', attempts: 2, result: 2 });
  expect((await messages(client, id)).filter((message) => message.startsWith('attempt'))).toEqual([
    'attempt 1',
    'attempt 2',
  ]);
});

test.each(['reject', 'no_json'])('a task that can never succeed (%s) fails at once', async (type) => {
  const { client } = await serverAndWorker();
  const id = await client.enqueue(type);
  expect(await finished(client, id)).toMatchObject({ failure_reason: 'rejected', attempts: 1 });
});

test('progress is seen while it works, and a cancel stops the handler', async () => {
  const { client, noted, startWaiting } = await serverAndWorker();
  const id = await startWaiting();
  expect(await client.task(id)).toMatchObject({ status: 'processing', progress_message: 'waiting' });

  await client.post(`/queue/tasks/${id}/cancel`);

  await eventually(() => existsSync(noted));
  expect(await client.task(id)).toMatchObject({ status: 'failed', failure_reason: 'cancelled' });
});

test('a task goes on while the server is killed and started again, and its end is told to the new one', async () => {
  const { file, server, client, worker, until, startWaiting } = await serverAndWorker();
  const id = await startWaiting();

  await server.program.kill();
  writeFileSync(until, '');
  // The settle, and the claims, find nobody.
  await worker.says(new RegExp(`/tasks/${id}/complete: .*trying again`));
  await worker.says(/\/claims: .*trying again/);
  await startServer(file, '--port', new URL(server.url).port);

  expect(await finished(client, id)).toMatchObject({ status: 'completed', result: 'waited', attempts: 1 });
  const next = await client.enqueue('add', { payload: { a: 1, b: 1 } });
  expect(await finished(client, next)).toMatchObject({ result: 2, attempts: 1 });
});

test('SIGTERM lets running tasks finish, and takes no more', async () => {
  const { client, worker, until, startWaiting } = await serverAndWorker();
  const id = await startWaiting();

  worker.signal('SIGTERM');
  writeFileSync(until, '');

  expect(await worker.exited).toEqual({ code: 0, signal: null });
  expect(await client.task(id)).toMatchObject({ status: 'completed', result: 'waited' });
  const next = await client.enqueue('add', { payload: { a: 1, b: 1 } });
  expect(await client.task(next)).toMatchObject({ status: 'queued', attempts: 0 });
});

test('a second signal gives back what is running, at no cost in attempts', async () => {
  const { client, worker, startWaiting } = await serverAndWorker();
  const id = await startWaiting();

  worker.signal('SIGINT');
  worker.signal('SIGTERM');

  expect((await worker.exited).signal).toBeNull();
  expect(await client.task(id)).toMatchObject({ status: 'queued', attempts: 0, locked_by: null });
});

test.each([
  ['exit', "SystemExit('enough')"],
  ['interrupt', 'KeyboardInterrupt()'],
])('a handler that ends its thread (%s) fails its attempt, and its slot is free again', async (how, text) => {
  const { client } = await serverAndWorker(1);
  const id = await client.enqueue('leave', { payload: { how }, max_attempts: 1 });
  expect(await finished(client, id)).toMatchObject({ failure_reason: 'error', error_message: text });
  const next = await client.enqueue('add', { payload: { a: 1, b: 1 } });
  expect(await finished(client, next)).toMatchObject({ status: 'completed', result: 2 });
});

const DATE = 'Fri, 31 Dec 2100 23:59:59 GMT';

test.each<[string, (res: ServerResponse) => void]>([
  ['a page of HTML that refuses', (res) => res.writeHead(403, { 'Content-Type': 'text/html' }).end('<html>')],
  ['a page of HTML that is well', (res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')],
  ['JSON that is no problem', (res) => res.writeHead(404, { 'Content-Type': 'application/json' }).end('[]')],
  ['a date to try again', (res) => res.writeHead(503, { 'Retry-After': DATE }).end()],
  ['nonsense when to try again', (res) => res.writeHead(503, { 'Retry-After': 'soon' }).end()],
  ['a cut connection', (res) => res.destroy()],
])('heartbeats go on after %s', async (_, answer) => {
  const folder = scratchFolder();
  const server = await startServer(join(folder, 'queue.db'));
  const client = new Client(server.url);
  let meddled = 0;
  const proxy = new FaultyProxy(server.url, (request) =>
    request.endsWith('/heartbeat') && meddled++ < 2 ? answer : undefined,
  );
  await startPythonWorker(await proxy.start());
  const until = join(folder, 'until');
  const id = await client.enqueue('stay', { payload: { until } });
  await eventually(() => proxy.passed.includes(`POST /api/queue/tasks/${id}/heartbeat`));
  writeFileSync(until, '');
  expect(await finished(client, id)).toMatchObject({ status: 'completed', attempts: 1 });
});

test('the example runs as it is', async () => {
  const { url } = await startServer(join(scratchFolder(), 'queue.db'));
  const client = new Client(url);
  const script = fileURLToPath(new URL('../../examples/worker.py', import.meta.url));
  const worker = new Program('python3', [script, '--url', url], { no_proxy: '127.0.0.1' });
  const id = await client.enqueue('countdown', { payload: { seconds: 1 } });
  expect(await finished(client, id)).toMatchObject({ status: 'completed', result: { counted_from: 1 } });
  expect(await messages(client, id)).toContain('Counted down');
  worker.signal('SIGTERM');
  expect((await worker.exited).code).toBe(0);
});
