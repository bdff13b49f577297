import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { createApp, systemClock } from '../../src/index.js';
import { api, useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const app = useTestApp({ clock: systemClock });

/** A claim that is under way, sent at once. */
const waiting = (fields: object = {}) => api.claim(app(), { wait: 30, ...fields });

const isRegistered = async (worker: string): Promise<boolean> => {
  const workers = await api.workers(app());
  return workers.some(({ worker_id }: { worker_id: string }) => worker_id === worker);
};

/** Resolves once the claims of these workers have come in: each registers as it begins to wait. */
const begun = (...workers: string[]) =>
  until(async () => (await Promise.all(workers.map(isRegistered))).every(Boolean));

/** Sends a claim over a connection of its own, which the test can cut. */
function sendClaim(body: string): Socket {
  const socket = connect(app().port, '127.0.0.1');
  const head = 'POST /api/queue/claims HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json';
  socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  return socket;
}

const connections = (): Promise<number> =>
  new Promise((resolve) => app().server.getConnections((_error, count) => resolve(count)));

describe('a claim that waits', () => {
  test('is answered at once when there is work', async () => {
    const id = await api.enqueue(app());
    expect((await waiting())[0].task_id).toBe(id);
  });

  test('is answered as soon as work comes', async () => {
    const claim = waiting();
    await begun('worker-1');
    const id = await api.enqueue(app());
    expect((await claim)[0].task_id).toBe(id);
  });

  test('is answered when work comes by another process’s connection', async () => {
    const claim = waiting();
    await begun('worker-1');
    const other = createApp({ database: app().file, handlers: {} });
    try {
      const address = await other.start({ port: 0 });
      const response = await fetch(`${address}/api/queue/enqueue`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"type":"mail"}',
      });
      const { task_id: id } = (await response.json()) as { task_id: number };
      expect((await claim)[0].task_id).toBe(id);
    } finally {
      await other.stop();
    }
  });

  test('is answered when a scheduled task falls due', async () => {
    const due = Date.now() + 300;
    const id = await api.enqueue(app(), { run_after_utc: new Date(due).toISOString() });
    const [task] = await waiting();
    expect(task.task_id).toBe(id);
    expect(Date.parse(task.processing_started_utc)).toBeGreaterThanOrEqual(due);
  });

  test('is answered when a task is released, retried or given back', async () => {
    const id = await api.enqueue(app());
    const [held] = await api.claim(app(), { worker_id: 'first' });
    const claim = waiting();
    await begun('worker-1');
    await api.report(app(), 'release', held);
    expect((await claim)[0]).toMatchObject({ task_id: id, attempts: 1, locked_by: 'worker-1' });
  });

  test('waits on when what comes is not for it', async () => {
    const claim = waiting({ types: ['print'] });
    await begun('worker-1');
    await api.enqueue(app(), { type: 'mail' });
    const id = await api.enqueue(app(), { type: 'print' });
    expect((await claim)[0].task_id).toBe(id);
  });

  test('ends empty after its seconds', async () => {
    expect(await waiting({ wait: 0.05 })).toEqual([]);
  });

  test('shares work with others who wait: each task goes to one, and node warns of nothing', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const names = Array.from({ length: 30 }, (_, n) => `w-${n}`);
    const claims = names.map((worker_id) => waiting({ worker_id }));
    await begun(...names);
    const tasks = Array.from({ length: 30 }, () => ({ type: 'mail' }));
    await app().http.post('/api/queue/enqueue/batch').send({ tasks });
    const claimed = (await Promise.all(claims)).flat();
    expect(new Set(claimed.map(({ task_id }) => task_id)).size).toBe(30);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  test('takes no task once its client has hung up', async () => {
    const socket = sendClaim('{"worker_id":"gone","wait":30}');
    await begun('gone');
    socket.destroy();
    await until(async () => (await connections()) === 0);
    const id = await api.enqueue(app());
    const [task] = await api.claim(app(), { worker_id: 'here' });
    expect(task).toMatchObject({ task_id: id, attempts: 1, locked_by: 'here' });
  });

  test('gives back at no cost what it took for a client that hung up meanwhile', async () => {
    const id = await api.enqueue(app());
    const lock = new Database(app().file);
    lock.exec('begin immediate');
    const bodyRead = new Promise((resolve) =>
      app().server.once('request', (request: IncomingMessage) => request.once('end', resolve)),
    );
    const socket = sendClaim('{"worker_id":"gone"}');
    await bodyRead;
    // The claim is on its way to the file, and waits for the lock.
    for (let turns = 0; turns < 20; turns++) await turn();
    socket.destroy();
    await until(async () => (await connections()) === 0);
    lock.exec('commit');
    lock.close();
    const messages = async () =>
      (await api.logs(app(), id)).map(({ message }: { message: string }) => message);
    await until(async () => (await messages()).length === 2);
    expect(await messages()).toEqual(['Claimed by gone', 'Released by its worker']);
    expect(await api.task(app(), id)).toMatchObject({ status: 'queued', attempts: 0, locked_by: null });
  });

  test('is answered empty when the server stops', async () => {
    const server = createApp({ database: app().file });
    const address = await server.start({ port: 0 });
    const claim = fetch(`${address}/api/queue/claims`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"worker_id":"last","wait":30}',
    });
    await begun('last');
    await server.stop();
    expect(await (await claim).json()).toEqual({ tasks: [] });
  });
});
