import { describe, expect, test } from '@jest/globals';
import { describeWith } from '../../support/processes.js';
import { CommandLine } from '../../support/program.js';
import { api, useTestApp } from '../../support/test-app.js';
import { eventually } from '../../support/waiting.js';

const app = useTestApp();
const commandLine = () => new CommandLine(`http://127.0.0.1:${app().port}`);

const body = async (path: string) => (await app().http.get(`/api/queue${path}`)).body;

describe('piped, a command says what the API says', () => {
  test('enqueue', async () => {
    const options = ['--priority', '7', '--max-attempts', '2', '--run-after', '2030-01-01T00:00:00+01:00'];
    const more = ['--compatibility', '{"region":"west"}', '--idempotency-key', 'once'];
    const said = await commandLine().json('enqueue', 'mail', '{"to_whom":"ada"}', ...options, ...more);
    expect(said).toEqual({
      task_id: 1,
      status: 'queued',
      created_at_utc: '2025-11-05T12:00:00.000Z',
      message: 'Task enqueued successfully',
    });
    expect(await api.task(app(), 1)).toMatchObject({
      type: 'mail',
      payload: { to_whom: 'ada' },
      priority: 7,
      max_attempts: 2,
      run_after_utc: '2029-12-31T23:00:00.000Z',
      compatibility: { region: 'west' },
      idempotency_key: 'once',
    });
  });

  test('enqueue, with the payload from standard input', async () => {
    const program = commandLine().shell(`echo '{"to":"ada"}' | spoolite enqueue mail -`);
    expect(await program.exited).toMatchObject({ code: 0 });
    expect(await api.task(app(), 1)).toMatchObject({ payload: { to: 'ada' } });
  });

  test('status', async () => {
    await api.enqueue(app(), { payload: { at_utc: null } });
    expect(await commandLine().json('status', '1')).toEqual(await body('/tasks/1'));
    const [task] = await api.claim(app());
    await api.report(app(), 'fail', task, { error_message: 'no route', retry: false });
    expect(await commandLine().json('status', '1')).toEqual(await body('/tasks/1'));
  });

  test('list', async () => {
    const line = commandLine();
    expect(await line.json('list')).toEqual([]);
    for (const type of ['a', 'b', 'a']) await api.enqueue(app(), { type });
    await line.json('cancel', '1');
    expect(await line.json('list')).toEqual(await body('/tasks'));
    expect(await line.json('list', '--type', 'a', '--status', 'failed')).toMatchObject([{ task_id: 1 }]);
    expect(await line.json('list', '--limit', '2')).toEqual(await body('/tasks?limit=2'));
  });

  test('cancel and retry, a line for each task', async () => {
    await api.enqueue(app());
    await api.enqueue(app());
    const line = commandLine();
    const cancelled = await line.run('cancel', '1', '99', '2');
    expect(cancelled).toEqual({
      code: 1,
      stdout: [1, 2]
        .map((id) => `{"task_id":${id},"status":"failed","message":"Task cancelled successfully"}\n`)
        .join(''),
      stderr: 'spoolite: Task 99 not found\n',
    });
    expect(await line.json('retry', '1')).toEqual({
      task_id: 1,
      status: 'queued',
      message: 'Task queued again',
    });
    expect((await line.run('retry', '1')).code).toBe(1);
  });

  test('logs', async () => {
    await api.enqueue(app());
    const [task] = await api.claim(app());
    await api.report(app(), 'fail', task, { error_message: 'no route' });
    expect(await commandLine().json('logs', '1')).toEqual(await body('/tasks/1/logs'));
    expect(await commandLine().json('logs', '1', '--level', 'debug')).toEqual([]);
  });

  test('stats and workers', async () => {
    await api.enqueue(app());
    await api.claim(app(), { types: ['mail'] });
    const line = commandLine();
    expect(await line.json('stats')).toEqual(await body('/stats'));
    expect(await line.json('stats', '--types')).toEqual(await body('/stats/types'));
    expect(await line.json('workers')).toEqual(await body('/workers'));
  });

  test('stats --watch, a line each time', async () => {
    const program = commandLine().start('stats', '--watch', '--interval', '0.01');
    await eventually(() => program.stdout.split('\n').length > 3);
    const [first] = program.stdout.split('\n');
    expect(JSON.parse(first as string)).toEqual(await body('/stats'));
    program.signal('SIGINT');
    expect(await program.exited).toEqual({ code: 130, signal: null });
  });

  test('status --watch, a line for each state', async () => {
    await api.enqueue(app());
    const program = commandLine().start('status', '1', '--watch');
    await program.says(/"queued"/);
    const [task] = await api.claim(app());
    await program.says(/"processing"/);
    await api.report(app(), 'complete', task, { result: 5 });
    expect(await program.exited).toMatchObject({ code: 0 });
    const states = program.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(states.map(({ status }) => status)).toEqual(['queued', 'processing', 'completed']);
    expect(states[2]).toEqual(await body('/tasks/1'));
  });

  test('tail, a line for each change; it goes on at its cursor', async () => {
    const line = commandLine();
    await api.enqueue(app(), { type: 'a' });
    const program = line.start('tail', '--cursor', '0', '--limit', '2', '--type', 'a');
    await program.says(/"cursor":"1"/);
    await api.enqueue(app(), { type: 'b' });
    await api.enqueue(app(), { type: 'a' });
    expect(await program.exited).toMatchObject({ code: 0 });
    const told = program.output
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(told.map(({ task }) => task.task_id)).toEqual([1, 3]);
    expect(told[0].task).toEqual((await body('/tasks?ids=1'))[0]);
    const before = String(told[1].cursor - 1);
    expect(await line.json('tail', '--cursor', before, '--limit', '1')).toEqual(told[1]);
  });
});

test('a reader that has had enough is no error', async () => {
  await api.enqueue(app());
  const line = commandLine().shell('set -o pipefail; spoolite tail --cursor 0 | head -n 1; echo $?');
  await line.says(/"cursor"/);
  await api.enqueue(app());
  expect(await line.exited).toMatchObject({ code: 0 });
  expect(line.output).toMatch(/^\{"cursor":"1".*\}\n0\n$/);
});

describeWith('jq', 'what is piped', () => {
  test('is read by jq', async () => {
    const line = commandLine();
    const script = `
      id=$(spoolite enqueue mail '{"n":3}' | jq .task_id)
      spoolite status "$id" | jq .payload.n
      spoolite list | jq -r '.[].type'
      spoolite stats | jq .queued_tasks
      spoolite cancel 1 1 | jq -r .status
    `;
    const program = line.shell(script);
    await program.exited;
    expect(program.output).toBe('3\nmail\n1\nfailed\nfailed\n');
  });
});
