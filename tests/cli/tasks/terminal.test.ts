import { stripVTControlCharacters } from 'node:util';
import { expect, test } from '@jest/globals';
import { describeWith } from '../../support/processes.js';
import { CommandLine, type Program } from '../../support/program.js';
import { api, useTestApp } from '../../support/test-app.js';

const ESCAPE = '\u001b';
const HIDE_CURSOR = `${ESCAPE}[?25l`;
const SHOW_CURSOR = `${ESCAPE}[?25h`;

const app = useTestApp();
const commandLine = (env = {}) => new CommandLine(`http://127.0.0.1:${app().port}`, env);

/** The lines of a terminal, without colours. */
async function lines(program: Program): Promise<string[]> {
  await program.exited;
  return stripVTControlCharacters(program.output).trimEnd().split('\r\n');
}

// What makes the terminal is a Python program.
describeWith('python3', 'in a terminal', () => {
  test('status --watch draws a bar that moves, and then the task', async () => {
    await api.enqueue(app(), { payload: { to: 'ada' } });
    const program = commandLine().inTerminal('status', '1', '--watch');
    await program.says(/Task 1 {2}░{24} .*queued/);
    const [task] = await api.claim(app());
    await api.report(app(), 'heartbeat', task, { progress: 50, progress_message: 'half way' });
    await program.says(/Task 1 {2}█{12}░{12} {3}50 % .*processing.*half way/);
    await api.report(app(), 'complete', task, { result: { sent: true } });
    expect(await program.exited).toMatchObject({ code: 0 });
    expect(program.output).toMatch(/█{24} {2}100 % .*completed/);
    expect(program.output).toContain(HIDE_CURSOR);
    expect(program.output.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(program.output.lastIndexOf(HIDE_CURSOR));
    const text = await lines(program);
    expect(text).toContain('Task 1  mail  completed');
    expect(text).toContain('  payload        {"to":"ada"}');
    expect(text).toContain('  result         {"sent":true}');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s leaves the terminal in order', async (signal, code) => {
    await api.enqueue(app());
    const program = commandLine().inTerminal('status', '1', '--watch');
    await program.says(/queued/);
    program.signal(signal);
    expect(await program.exited).toEqual({ code, signal: null });
    expect(program.output.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(program.output.lastIndexOf(HIDE_CURSOR));
  });

  test('a list is a table that fits', async () => {
    await api.enqueue(app(), { type: 'mail' });
    await api.enqueue(app(), { type: 'a type with a name that is rather long, too long' });
    const [task] = await api.claim(app(), { types: ['mail'] });
    await api.report(app(), 'fail', task, { error_message: 'no route to host '.repeat(10), retry: false });
    const text = await lines(commandLine().inTerminal('list'));
    expect(text[0]).toMatch(/^ID {2}TYPE +STATUS +PROGRESS {2}ATTEMPTS {2}AGE +MESSAGE$/);
    expect(text[1]).toMatch(/^2 {3}a type with a name that is rath… {2}queued +0\/5/);
    expect(text[2]).toMatch(/^1 {3}mail +failed \(rejected\) +1\/5 .*no route to hos…$/);
    for (const line of text) expect(line.length).toBeLessThanOrEqual(100);
    expect(await lines(commandLine().inTerminal('list', '--status', 'completed'))).toEqual(['No tasks.']);
  });

  test.each([
    [['stats'], ['1 queued', '0 processing', '0 completed', '0 failed', '1 total']],
    [
      ['stats', '--types'],
      ['TYPE', 'mail'],
    ],
    [['logs', '1'], ['No entries.']],
    [['workers'], ['No workers. Start one with: spoolite work --handlers ./handlers.js']],
    [['cancel', '1'], ['Task 1: Task cancelled successfully']],
    [
      ['enqueue', 'mail'],
      [
        'Task enqueued successfully: task 2',
        'Follow it with: spoolite status 2 --watch',
        'spoolite: No live worker serves its type',
      ],
    ],
    [['wait', '1', '--timeout', '0.05'], ['spoolite: Task 1 did not finish within 0.05 s.']],
    [['tail', '--cursor', '0', '--limit', '1'], ['2025-11-05T12:00:00.000Z  #1  mail  queued']],
  ])('%j is text for people', async (args, begins) => {
    await api.enqueue(app());
    const text = await lines(commandLine().inTerminal(...args));
    expect(text).toHaveLength(args.includes('--types') ? 2 : begins.length);
    for (const [at, begin] of begins.entries()) expect(text[at]).toContain(begin);
  });

  test('who waits for a type that nobody serves is told so, and who is served is not', async () => {
    await api.enqueue(app(), { type: 'mial' });
    const note = 'No live worker serves its type: "spoolite workers" shows what they serve.';
    expect(await lines(commandLine().inTerminal('status', '1'))).toContain(`  blocked        ${note}`);
    const watching = commandLine().inTerminal('status', '1', '--watch');
    await watching.says(/spoolite: No live worker serves its type[\s\S]*Task 1 .*queued/);
    watching.signal('SIGINT');
    await watching.exited;
    await api.claim(app(), { types: ['mial'], limit: 1 });
    const text = await lines(commandLine().inTerminal('enqueue', 'mial'));
    expect(text).toHaveLength(2);
    expect((await lines(commandLine().inTerminal('status', '2'))).join('\n')).not.toContain('No live worker');
  });

  test('who waits for what no live worker offers is told so', async () => {
    await api.enqueue(app(), { type: 'mail', compatibility: { gpu: true } });
    await api.claim(app(), { types: ['mail'], capabilities: { gpu: false } });
    const note = 'No live worker that serves its type meets its requirements';
    const text = (await lines(commandLine().inTerminal('status', '1'))).join('\n');
    expect(text).toContain(`  blocked        ${note}`);
    expect(text).not.toContain('expected to start');
    const enqueue = ['enqueue', 'mail', '--compatibility', '{"gpu":true}'];
    expect((await lines(commandLine().inTerminal(...enqueue))).join('\n')).toContain(note);
    await api.claim(app(), { worker_id: 'other', types: ['mail'], capabilities: { gpu: true } });
    expect((await lines(commandLine().inTerminal('status', '2'))).join('\n')).not.toContain(note);
  });

  test('it has colours, unless NO_COLOR or the terminal says no', async () => {
    await api.enqueue(app());
    const said = async (env: object) => {
      const program = commandLine(env).inTerminal('list');
      await program.exited;
      return program.output;
    };
    expect(await said({})).toContain(`${ESCAPE}[33mqueued`);
    expect(await said({ NO_COLOR: '1' })).not.toContain(ESCAPE);
    expect(await said({ TERM: 'dumb' })).not.toContain(ESCAPE);
  });

  test('--json says there what is said to a pipe', async () => {
    await api.enqueue(app());
    const program = commandLine().inTerminal('status', '1', '--json');
    await program.exited;
    expect(JSON.parse(program.output)).toEqual(await commandLine().json('status', '1'));
  });

  test('a text of somebody else moves no cursor', async () => {
    const message = `${ESCAPE}[2J${ESCAPE}]0;title\u0007\u202egnp.exe\nsecond line`;
    await api.enqueue(app());
    const [task] = await api.claim(app());
    await api.report(app(), 'fail', task, { error_message: message, retry: false });
    for (const args of [['list'], ['status', '1'], ['logs', '1'], ['wait', '1'], ['status', '1', '-w']]) {
      const program = commandLine({ NO_COLOR: '1' }).inTerminal(...args);
      await program.exited;
      expect(program.output).toContain('gnp.exe second line');
      for (const bad of [`${ESCAPE}[2J`, `${ESCAPE}]0`, '\u0007', '\u202e'])
        expect(program.output).not.toContain(bad);
    }
  });
});

test('elsewhere --no-json is text without colours', async () => {
  await api.enqueue(app());
  const { stdout } = await commandLine({ FORCE_COLOR: '1' }).run('list', '--no-json');
  expect(stdout).toMatch(/^ID {2}TYPE/);
  expect(stdout).not.toContain(ESCAPE);
});
