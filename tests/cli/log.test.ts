import { expect, test } from '@jest/globals';
import { createQueue } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { listening, spooliteIn, TEST_HANDLERS } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const serve = (env: NodeJS.ProcessEnv) =>
  listening(
    spooliteIn({ SPOOLITE_PORT: '0', SPOOLITE_DATABASE: `${scratchFolder()}/queue.db`, ...env }, ['serve']),
  );

/** The log's lines about a path. */
const linesAbout = (output: string, path: string) => output.split('\n').filter((line) => line.includes(path));

/** The same, once there are some. */
const linesSoon = (program: { output: string }, path: string) =>
  eventually(() => {
    const lines = linesAbout(program.output, path);
    return lines.length > 0 && lines;
  });

test('off a terminal the log is JSON, one line a request', async () => {
  const { program, url } = await serve({});
  await new Client(url).get('/queue/stats');
  const lines = await linesSoon(program, '/api/queue/stats');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] as string)).toMatchObject({
    method: 'GET',
    path: '/api/queue/stats',
    status: 200,
  });
});

test('for people it is one sentence a request', async () => {
  const { program, url } = await serve({ SPOOLITE_LOG_FORMAT: 'pretty' });
  await new Client(url).get('/queue/tasks/7');
  const lines = await linesSoon(program, '/api/queue/tasks/7');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: GET \/api\/queue\/tasks\/7: 404, [\d.]+ ms$/);
});

test('for people, polls that went well are left out unless everything is wanted', async () => {
  const poll = async (env: NodeJS.ProcessEnv) => {
    const { program, url } = await serve({ SPOOLITE_LOG_FORMAT: 'pretty', ...env });
    await new Client(url).get('/queue/stats');
    await new Client(url).get('/queue/tasks/7');
    await linesSoon(program, '/api/queue/tasks/7');
    program.signal('SIGTERM');
    await program.exited;
    return linesAbout(program.output, '/api/queue/stats');
  };
  expect(await poll({})).toEqual([]);
  expect(await poll({ SPOOLITE_LOG_LEVEL: 'debug' })).toHaveLength(1);
});

test('it can be silenced', async () => {
  const { program, url } = await serve({ SPOOLITE_LOG_LEVEL: 'silent' });
  await new Client(url).get('/queue/stats');
  program.signal('SIGTERM');
  await program.exited;
  expect(linesAbout(program.output, '/api/queue/stats')).toEqual([]);
});

test.each([
  ['dev', ['--handlers', TEST_HANDLERS, '--port', '0']],
  ['work', ['--handlers', TEST_HANDLERS]],
])('%s has a line for an attempt that fails', async (command, args) => {
  const database = `${scratchFolder()}/queue.db`;
  const program = spooliteIn({ SPOOLITE_DATABASE: database }, [command, ...args]);
  await program.says(/worker\s+\S+, \d+ slots/);
  const queue = createQueue({ database });
  onTestEnd(() => queue.close());
  const { taskId } = await queue.enqueue({ type: 'record', maxAttempts: 1 });
  const [line] = await eventually(() => {
    const lines = program.stderr.split('\n').filter((text) => text.includes('attempt failed'));
    return lines.length > 0 && lines;
  });
  expect(JSON.parse(line as string)).toMatchObject({
    level: 50,
    task_id: taskId,
    type: 'record',
    attempt: 1,
  });
});
