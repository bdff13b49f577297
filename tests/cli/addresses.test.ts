import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { listening, spooliteIn } from '../support/program.js';

const serve = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  spooliteIn({ SPOOLITE_DATABASE: `${scratchFolder()}/queue.db`, ...env }, ['serve', ...args]);

const isHealthy = async (url: string) => (await new Client(url).get('/health')).status === 200;

/** A port that another program listens on. */
function takenPort(): Promise<number> {
  const other = createServer();
  onTestEnd(() => other.close());
  return new Promise((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
  });
}

test('SPOOLITE_PORT=0 picks a free port and says which', async () => {
  const { url } = await listening(serve([], { SPOOLITE_PORT: '0' }));
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await isHealthy(url)).toBe(true);
});

test.each([[[]], [['--processes', '2']]])(
  'a port in use is said once, and the program ends %j',
  async (args) => {
    const port = await takenPort();
    const program = serve(['--port', String(port), ...args]);
    expect(await program.exited).toEqual({ code: 1, signal: null });
    const sentence = `Port ${port} on 127.0.0.1 is in use`;
    expect(program.output.split(sentence)).toHaveLength(2);
    expect(program.output).toContain('--port');
  },
);

test.each([
  [['--host', '0.0.0.0'], {}],
  [['--host', '::'], {}],
  [['--host', '0.0.0.0', '--processes', '2'], {}],
  [[], { SPOOLITE_HOST: '192.0.2.1' }],
])('other machines are not let in unasked: %j %j', async (args, env) => {
  const program = serve(['--port', '0', ...args], env);
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output).toMatch(
    /^spoolite: \S+ would accept other machines, and there is no key.*--allow-unauthenticated/m,
  );
});

test('--allow-unauthenticated lets them in', async () => {
  const { url } = await listening(serve(['--port', '0', '--host', '0.0.0.0', '--allow-unauthenticated']));
  expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
  expect(await isHealthy(url.replace('0.0.0.0', '127.0.0.1'))).toBe(true);
});

test('a key lets in who has it', async () => {
  const file = `${scratchFolder()}/queue.db`;
  const env = { SPOOLITE_DATABASE: file };
  const made = spooliteIn(env, ['keys', 'create', '--name', 'ci', '--scopes', 'read']);
  await made.exited;
  const { url } = await listening(spooliteIn(env, ['serve', '--port', '0', '--host', '0.0.0.0']));
  const stats = (headers: Record<string, string> = {}) =>
    fetch(`${url.replace('0.0.0.0', '127.0.0.1')}/api/queue/stats`, { headers });
  expect((await stats()).status).toBe(401);
  expect((await stats({ Authorization: `Bearer ${made.stdout.trim()}` })).status).toBe(200);
});

test.each(['localhost', '127.0.0.2'])('%s is this machine', async (host) => {
  const { url } = await listening(serve(['--port', '0', '--host', host]));
  expect(await isHealthy(url)).toBe(true);
});

test('an address that this machine does not have', async () => {
  const program = serve(['--port', '0', '--host', '192.0.2.1', '--allow-unauthenticated']);
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output).toMatch(/^spoolite: .*192\.0\.2\.1.*--host/m);
});
