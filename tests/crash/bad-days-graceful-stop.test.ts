import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { KeepAliveClient } from '../support/http-clients.js';
import { startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const ENQUEUE = '/api/queue/enqueue';
const CLIENTS = 64;

const storedTypes = (file: string): string[] => {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare<[], string>('select type from tasks').pluck().all();
  } finally {
    database.close();
  }
};

/** Enqueues one task after the other until that fails; adds the types of those that were acknowledged. */
async function enqueueUntilRefused(url: string, name: string, acknowledged: string[]): Promise<string> {
  const client = new KeepAliveClient(url);
  onTestEnd(() => client.close());
  for (let count = 0; ; count++) {
    const type = `${name}-${count}`;
    try {
      const { status } = await client.post(ENQUEUE, { type });
      if (status !== 201) return `status ${status}`;
      acknowledged.push(type);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  }
}

/** The head of an enqueue and the first half of its body, sent for sure. */
async function halfAnEnqueue(url: string): Promise<{ req: ClientRequest; finish(): void }> {
  const body = JSON.stringify({ type: 'slowly-sent', payload: { text: 'x'.repeat(50_000) } });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
  const req = request(`${url}${ENQUEUE}`, { method: 'POST', headers, agent: false });
  await new Promise((resolve) => req.write(body.slice(0, 25_000), resolve));
  return { req, finish: () => req.end(body.slice(25_000)) };
}

test('a server that is stopped under load cuts off nobody, and keeps exactly what it acknowledged', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file);
  const acknowledged: string[] = [];
  const clients = Array.from({ length: CLIENTS }, (_, n) =>
    enqueueUntilRefused(url, `client${n}`, acknowledged),
  );
  await eventually(() => acknowledged.length > 20 * CLIENTS);

  program.signal('SIGTERM');

  expect(await Promise.all(clients)).toEqual(Array(CLIENTS).fill('ECONNREFUSED'));
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(storedTypes(file).sort()).toEqual(acknowledged.sort());
});

test('several processes that are stopped under load keep exactly what they acknowledged', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file, '--processes', '2');
  const acknowledged: string[] = [];
  const clients = Array.from({ length: CLIENTS }, (_, n) =>
    enqueueUntilRefused(url, `client${n}`, acknowledged),
  );
  await eventually(() => acknowledged.length > 20 * CLIENTS);

  program.signal('SIGTERM');

  // A new connection may be taken by the process that hands them out, when nobody is left to read from it.
  for (const end of await Promise.all(clients)) expect(['ECONNREFUSED', 'ECONNRESET']).toContain(end);
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(storedTypes(file).sort()).toEqual(acknowledged.sort());
});

test('a request that is being sent, and a reply that is being read, are finished after the signal', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file);
  const client = new Client(url);
  // More than socket buffers hold, so that the reply is under way for as long as nobody reads it.
  const payload = { text: 'x'.repeat(900_000) };
  for (let count = 0; count < 20; count++) await client.enqueue('large', { payload });
  const reading = request(`${url}/api/queue/tasks`, { agent: false }).end();
  const [reply] = (await once(reading, 'response')) as [IncomingMessage];
  const sending = await halfAnEnqueue(url);

  program.signal('SIGTERM');
  await program.says(/Draining: waiting for running tasks to finish/);
  await eventually(() => isRefused(url));

  sending.finish();
  const [answer] = (await once(sending.req, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(201);
  expect(JSON.parse(await text(reply))).toHaveLength(20);
  answer.resume();
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(storedTypes(file)).toContain('slowly-sent');
});

test('a client that never finishes its request holds the server up for the grace period only', async () => {
  const { program, url } = await startServer(join(scratchFolder(), 'queue.db'), '--grace-seconds', '0.5');
  const { req } = await halfAnEnqueue(url);
  const cutOff = once(req, 'error');

  program.signal('SIGTERM');

  expect(await program.exited).toEqual({ code: 0, signal: null });
  await cutOff;
});

test('a second signal cuts off those who are not done', async () => {
  const { program, url } = await startServer(join(scratchFolder(), 'queue.db'), '--grace-seconds', '3600');
  const { req } = await halfAnEnqueue(url);
  const cutOff = once(req, 'error');

  program.signal('SIGTERM');
  await program.says(/Draining: waiting for running tasks to finish/);
  // Signals in quick succession count as one.
  await eventually(() => {
    if (!program.output.includes('Releasing the tasks')) program.signal('SIGTERM');
    return !program.isRunning;
  });

  expect(await program.exited).toEqual({ code: 143, signal: null });
  await cutOff;
});

async function isRefused(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}
