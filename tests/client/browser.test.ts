import { execFileSync } from 'node:child_process';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { PROJECT } from '../support/documentation.js';
import { PollingServer } from '../support/polling-server.js';

/** The client as one script, as a page would load it. In a process of its own: the bundler does not bear Jest's globals. */
const BUNDLE = `
  import { build } from 'vite';
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'dist/client/index.js', formats: ['iife'], name: 'spoolite', fileName: 'client' },
    },
  });
  if (output.length > 1) throw new Error('More than one file');
  process.stdout.write(output[0].code);
`;

const bundle = (): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', BUNDLE], { cwd: PROJECT, encoding: 'utf8' });

/** What a page has, as far as the client may want it, and nothing of Node.js. */
const page = (origin: string) => ({
  location: new URL(origin),
  // A page's addresses are relative to it.
  fetch: (input: string, init: object) => fetch(new URL(input, origin), init),
  AbortController,
  TextDecoder,
  URL,
  URLSearchParams,
  setTimeout,
  clearTimeout,
  performance,
});

test('the client runs in a page, with nothing of Node.js in it', async () => {
  const script = bundle();
  expect(script).not.toMatch(/node:|require\(|\bprocess\b\.|\bBuffer\b/);
  expect(script.length).toBeLessThan(44_000);

  const { url } = await PollingServer.start();
  const context = createContext(page(url));
  runInContext(script, context);
  const done = runInContext(
    `(async () => {
      const client = spoolite.createClient();
      const { taskId } = await client.enqueue({ type: 'a' });
      const waiting = client.waitFor(taskId).catch((error) => error);
      const states = [];
      for await (const { status } of client.watch(taskId)) {
        states.push(status);
        await client.cancel(taskId);
      }
      return { states, name: (await waiting).name };
    })()`,
    context,
  );
  expect(await done).toEqual({ states: ['queued', 'failed'], name: 'TaskCancelled' });
});
