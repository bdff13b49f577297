import { describe, expect, test } from '@jest/globals';
import { projectFile } from '../../support/documentation.js';
import { CommandLine } from '../../support/program.js';
import { ScriptedServer } from '../../support/servers.js';
import { api, useTestApp } from '../../support/test-app.js';

const app = useTestApp({
  handlers: {
    good: () => 'well done',
    bad: () => {
      throw new Error('no route to host');
    },
  },
});
const commandLine = () => new CommandLine(`http://127.0.0.1:${app().port}`);

/** A task of each outcome, and one that nobody runs. */
async function setUp() {
  const [good, bad, cancelled] = [
    await api.enqueue(app(), { type: 'good' }),
    await api.enqueue(app(), { type: 'bad', max_attempts: 1 }),
    await api.enqueue(app(), { type: 'nobody' }),
  ];
  const open = await api.enqueue(app(), { type: 'nobody' });
  await app().http.post(`/api/queue/tasks/${cancelled}/cancel`);
  await app().app.worker.runOnce();
  return { good: String(good), bad: String(bad), cancelled: String(cancelled), open: String(open) };
}

describe('wait', () => {
  test('its exit code says how the task has ended', async () => {
    const { good, bad, cancelled, open } = await setUp();
    const line = commandLine();
    const code = async (...args: string[]) => (await line.run('wait', ...args)).code;
    expect(await code(good)).toBe(0);
    expect(await code(bad)).toBe(2);
    expect(await code(cancelled)).toBe(3);
    expect(await code(open, '--timeout', '0.05')).toBe(4);
    expect(await code('99')).toBe(1);
    expect(await code(good, cancelled)).toBe(3);
    expect(await code(good, bad, cancelled)).toBe(2);
    expect(await code(open, bad, '--timeout', '0.05')).toBe(4);
  });

  test('it prints each task as it ended, and says elsewhere which did not', async () => {
    const { good, open } = await setUp();
    const { stdout, stderr } = await commandLine().run('wait', good, open, '--timeout', '0.05');
    expect(JSON.parse(stdout)).toEqual(await api.task(app(), Number(good)));
    expect(stderr).toBe(`spoolite: Task ${open} did not finish within 0.05 s.\n`);
  });

  test('Ctrl-C ends it', async () => {
    const { good, open } = await setUp();
    const program = commandLine().start('wait', good, open);
    await program.says(/"completed"/);
    program.signal('SIGINT');
    expect(await program.exited).toEqual({ code: 130, signal: null });
  });
});

test('status says 0 whatever the status; with --watch its exit code says how the task has ended', async () => {
  const { good, bad, cancelled } = await setUp();
  const line = commandLine();
  const code = async (...args: string[]) => (await line.run('status', ...args)).code;
  expect(await code(bad)).toBe(0);
  expect(await code(good, '--watch')).toBe(0);
  expect(await code(bad, '--watch')).toBe(2);
  expect(await code(cancelled, '-w')).toBe(3);
});

describe('an error says what to do, on standard error', () => {
  const COMMANDS = [
    ['enqueue', 'a'],
    ['status', '1'],
    ['status', '1', '--watch'],
    ['wait', '1'],
    ['list'],
    ['logs', '1'],
    ['cancel', '1'],
    ['retry', '1'],
    ['stats'],
    ['stats', '--watch'],
    ['workers'],
    ['tail'],
  ];

  test.each(COMMANDS.map((command) => [command.join(' '), command]))(
    '%s without a server',
    async (_, command) => {
      const server = await ScriptedServer.start();
      const { url } = server;
      await server.close();
      expect(await new CommandLine(url).run(...command)).toEqual({
        code: 1,
        stdout: '',
        stderr:
          `spoolite: No connection to ${url}: connect ECONNREFUSED ${url.replace('http://', '')}\n` +
          'Start a server with "spoolite dev", or set the address of a running one with --url or SPOOLITE_URL.\n',
      });
    },
  );

  test('a server is asked for by https that speaks http', async () => {
    const url = `https://127.0.0.1:${app().port}`;
    expect(await new CommandLine(url).run('stats')).toEqual({
      code: 1,
      stdout: '',
      stderr: `spoolite: No secure connection to ${url}: the server there speaks http, not https.\n`,
    });
  });

  test('something else listens there', async () => {
    const { url } = await ScriptedServer.start((_req, res) => res.end('<h1>Welcome</h1>'));
    const { code, stderr } = await new CommandLine('http://nowhere.invalid').run('stats', '--url', url);
    expect(code).toBe(1);
    expect(stderr).toContain(`The server at ${url} is not Spoolite`);
    expect(stderr).toContain('<h1>Welcome</h1>');
  });

  test.each([
    [['status', '99'], 'spoolite: Task 99 not found: "spoolite list" shows the existing ones.\n'],
    [['enqueue', ' '], 'spoolite: The request is not valid: /type: must not be empty\n'],
    [
      ['enqueue', 'a', '[1]'],
      `spoolite: Invalid payload. It must be a JSON object, such as '{"to":"ada"}'.\n`,
    ],
    [
      ['tail', '--cursor', '999'],
      'spoolite: The cursor does not come from this queue; start again without it\n',
    ],
    [
      ['stats', '--url', 'localhost:8000'],
      'spoolite: --url must be an address that begins with http:// or https://, not "localhost:8000".\n',
    ],
    [
      ['status', 'x'],
      "error: command-argument value 'x' is invalid for argument 'id'. It must be a task id.\n(add --help for the options)\n",
    ],
    [
      ['list', '--limit', '0'],
      "error: option '--limit <number>' argument '0' is invalid. It must be a whole number of 1 or more.\n(add --help for the options)\n",
    ],
    [
      ['enqueue', 'a', '--run-after', 'tomorrow'],
      "error: option '--run-after <instant>' argument 'tomorrow' is invalid. It must be a date and a time, such as 2025-11-05T19:35:00Z.\n(add --help for the options)\n",
    ],
  ])('%j', async (args, stderr) => {
    expect(await commandLine().run(...args)).toEqual({ code: 1, stdout: '', stderr });
  });
});

test('every command says its exit codes, and so does the document', async () => {
  const line = commandLine();
  const document = projectFile('docs/cli.md');
  for (const command of [
    'enqueue',
    'status',
    'wait',
    'list',
    'logs',
    'cancel',
    'retry',
    'stats',
    'workers',
    'tail',
  ]) {
    const { stdout } = await line.run('help', command);
    expect(stdout).toMatch(/Exit codes.*: 0/);
    expect(document).toContain(`\`${command}`);
  }
  for (const code of ['`0`', '`1`', '`2`', '`3`', '`4`', '`130`']) expect(document).toContain(`| ${code} |`);
});
