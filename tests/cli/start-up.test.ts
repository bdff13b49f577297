import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { listening, MAIN, spooliteIn, TEST_HANDLERS } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** A command in a folder of its own, on a free port. */
function start(args: string[], folder = scratchFolder(), env: NodeJS.ProcessEnv = {}) {
  return spooliteIn({ SPOOLITE_PORT: '0', ...env }, args, folder);
}

/** What the banner says beside a word. */
const said = (output: string, word: string): string | undefined =>
  new RegExp(`^ {2}${word} +(.+)$`, 'm').exec(output)?.[1];

/** Runs the banner's curl line in a shell; returns the reply. */
function tryIt(output: string) {
  const line = /Try it:\n {2}(curl .+)\n/.exec(output)?.[1] as string;
  return JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' }));
}

describe('dev', () => {
  test('says where, which file, how durable, who works, and a line to try', async () => {
    const folder = realpathSync(scratchFolder());
    const { program, url } = await listening(start(['dev'], folder));
    await program.says(/Try it:\n.+\n/);
    const { output } = program;
    const page = await fetch(said(output, 'dashboard') as string);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(said(output, 'reference')).toBe(`${url}/docs`);
    expect(said(output, 'database')).toBe(`${folder}/data/spoolite.db`);
    expect(existsSync(`${folder}/data/spoolite.db`)).toBe(true);
    expect(said(output, 'durability')).toBe('full: every acknowledged write is on disk');
    expect(said(output, 'worker')).toMatch(/, 10 slots, types: countdown, flaky, word_count$/);

    const { task_id } = tryIt(output);
    const client = new Client(url);
    await eventually(async () => (await client.task(task_id)).status === 'processing');
  });

  test('runs the handlers it is told, by flag or by variable, with the options given', async () => {
    const args = [
      'dev',
      '--durability',
      'normal',
      '--concurrency',
      '3',
      '--worker-id',
      'w1',
      '--types',
      'wait',
    ];
    const { program } = await listening(start(args, scratchFolder(), { SPOOLITE_HANDLERS: TEST_HANDLERS }));
    await program.says(/Try it:\n.+\n/);
    expect(said(program.output, 'worker')).toBe('w1, 3 slots, types: wait');
    expect(said(program.output, 'durability')).toMatch(/^normal: /);
    expect(tryIt(program.output)).toMatchObject({ status: 'queued' });
  });

  test('a database in memory is said to be one', async () => {
    const folder = scratchFolder();
    const { program } = await listening(start(['dev', '--database', ':memory:'], folder));
    await program.says(/Try it:\n.+\n/);
    expect(said(program.output, 'database')).toBe('in memory: lost when this program ends');
    expect(existsSync(`${folder}/:memory:`)).toBe(false);
    expect(tryIt(program.output)).toMatchObject({ task_id: 1 });
  });
});

describe('serve', () => {
  test.each([[['serve']], [['serve', '--processes', '2']]])('%j says how to start a worker', async (args) => {
    const folder = scratchFolder();
    const { program, url } = await listening(start(args, folder, { SPOOLITE_DATABASE: 'queue.db' }));
    await program.says(/Try it:\n.+\n/);
    const work = said(program.output, 'worker')?.split('start one with: ')[1];
    const file = join(realpathSync(folder), 'queue.db');
    expect(work).toBe(`npx spoolite work --handlers ./handlers.js --database ${file}`);
    const { task_id } = tryIt(program.output);
    expect(await new Client(url).task(task_id)).toMatchObject({ type: 'hello', status: 'queued' });
  });

  test('does not mind what the environment says to workers', async () => {
    const env = { SPOOLITE_TYPES: 'a,b', SPOOLITE_HANDLERS: './none.js', SPOOLITE_CONCURRENCY: '5' };
    await listening(start(['serve'], scratchFolder(), env));
  });
});

test("the banner's command makes a key for this server, wherever it is typed", async () => {
  const folder = scratchFolder();
  const { program, url } = await listening(start(['serve', '--database', "it's.db"], folder));
  await program.says(/Try it:\n.+\n/);
  const [, command] = said(program.output, 'access')?.split('to require one: npx spoolite ') ?? [];
  const line = `"${process.execPath}" "${MAIN}" ${command}`;
  const key = execFileSync('bash', ['-c', line], {
    cwd: scratchFolder(),
    encoding: 'utf8',
    stdio: 'pipe',
  }).trim();
  await eventually(async () => (await new Client(url).get('/queue/stats')).status === 401);
  expect((await new Client(url, key).get('/queue/stats')).status).toBe(200);
});

describe('work', () => {
  test('says which file and what it claims, and needs no port', async () => {
    const folder = realpathSync(scratchFolder());
    const program = start(['work', '--handlers', TEST_HANDLERS, '--database', 'queue.db'], folder);
    await program.says(/worker .+\n/);
    expect(said(program.output, 'database')).toBe(`${folder}/queue.db`);
    expect(said(program.output, 'worker')).toMatch(/10 slots, types: .*wait/);
    expect(program.output).not.toContain('listening on');
  });

  test('asks for handlers when it is given none', async () => {
    const program = start(['work']);
    expect((await program.exited).code).toBe(1);
    expect(program.output).toContain('--handlers ./handlers.js');
  });
});
