import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { MAIN, Program, startServer, startWorker } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const PRELOAD = {
  NODE_OPTIONS: `--import=${new URL('../support/swap-writer-thread.mjs', import.meta.url).href}`,
};

const SAID = /^spoolite: The writer thread has failed.*\. Restart the program\.$/m;

/** `dev` or `serve`, whose writer thread dies when it is told to. */
async function start(database: string, ...args: string[]) {
  const all = [MAIN, ...args, '--port', '0', '--database', database];
  const program = new Program(process.execPath, all, PRELOAD);
  const [, url] = await program.says(/listening on\s+(https?:\S+)\n/, 110_000);
  return { program, url: url as string };
}

const enqueue = (client: Client) => client.post('/queue/enqueue', { type: 'countdown' }).catch(() => null);

test.each([
  ['serve', 'throw'],
  ['dev', 'exit'],
])('%s ends when its writer thread has died, by %s', async (command, how) => {
  const database = join(scratchFolder(), 'queue.db');
  const { program, url } = await start(database, command);
  writeFileSync(`${database}-die`, how);
  await enqueue(new Client(url));
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.stderr).toMatch(SAID);
  expect(program.stderr).toContain('"level":60');
});

test('work ends when its writer thread has died; its task runs elsewhere', async () => {
  const database = join(scratchFolder(), 'queue.db');
  const client = new Client((await startServer(database)).url);
  const worker = await startWorker(database, ['--lease-seconds', '5'], PRELOAD);
  writeFileSync(`${database}-die`, 'throw');
  const id = await client.enqueue('wait', { payload: { until: MAIN } });
  expect(await worker.exited).toEqual({ code: 1, signal: null });
  expect(worker.stderr).toMatch(SAID);
  await startWorker(database);
  await eventually(async () => (await client.task(id)).done);
});

test('with --processes the one whose writer thread has died is replaced', async () => {
  const database = join(scratchFolder(), 'queue.db');
  const { program, url } = await start(database, 'serve', '--processes', '2');
  const client = new Client(url);
  writeFileSync(`${database}-die`, 'throw');
  await enqueue(client);
  const [, pid] = await program.says(/Server process (\d+) exited \(1\); starting another\.\n/);
  const answering = () =>
    fetch(`${url}/metrics`, { headers: { Connection: 'close' } })
      .then((reply) => reply.text())
      .then((text) => /spoolite_build_info\{[^}]*pid="(\d+)"/.exec(text)?.[1])
      .catch(() => undefined);
  const seen = new Set<string>();
  // Each time on a connection of its own, so that every process is asked.
  await eventually(async () => {
    const found = await answering();
    if (found !== undefined) seen.add(found);
    return seen.size === 2;
  });
  expect([...seen]).not.toContain(pid);
  expect((await client.post('/queue/enqueue', { type: 'hello' })).status).toBe(201);
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
});
