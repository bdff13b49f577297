import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { listening, type Program, spooliteIn } from '../support/program.js';

/** A file with a key; resolves to both. */
async function guardedFile(): Promise<{ database: string; key: string }> {
  const database = join(scratchFolder(), 'queue.db');
  const args = ['keys', 'create', '--name', 'ada', '--scopes', 'read', '--database', database];
  const made = spooliteIn({}, args);
  await made.exited;
  return { database, key: made.stdout.trim() };
}

const serve = (database: string, env: NodeJS.ProcessEnv, ...args: string[]) =>
  listening(spooliteIn(env, ['serve', '--port', '0', '--database', database, ...args]));

async function signIn(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key }),
  });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Each on a connection of its own, so that every process is asked. */
async function statusesOf(url: string, cookie: string): Promise<Set<number>> {
  const headers = { Cookie: cookie, Connection: 'close' };
  const ask = () => fetch(`${url}/api/queue/stats`, { headers });
  const responses = await Promise.all(Array.from({ length: 20 }, ask));
  return new Set(responses.map(({ status }) => status));
}

const stopped = (program: Program) => {
  program.signal('SIGTERM');
  return program.exited;
};

test('a session is known to all processes of a server', async () => {
  const { database, key } = await guardedFile();
  const { url } = await serve(database, {}, '--processes', '3');
  expect(await statusesOf(url, await signIn(url, key))).toEqual(new Set([200]));
});

test.each([
  ['outlives a restart with the same secret', 's'.repeat(32), 200],
  ['and no restart with another', 't'.repeat(32), 401],
  ['or with none', '', 401],
])('a session %s', async (_, secret, status) => {
  const { database, key } = await guardedFile();
  const before = await serve(database, { SPOOLITE_SESSION_SECRET: 's'.repeat(32) });
  const cookie = await signIn(before.url, key);
  await stopped(before.program);
  const after = await serve(database, { SPOOLITE_SESSION_SECRET: secret });
  expect(await statusesOf(after.url, cookie)).toEqual(new Set([status]));
});
