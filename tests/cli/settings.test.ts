import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { settingsFolder } from '../support/cleanup.js';
import { freePort, processesNaming } from '../support/processes.js';
import { listening, spooliteIn } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** Runs to the end in the folder; nothing of what the tests' own environment may set. */
async function run(folder: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const program = spooliteIn(env, args, folder);
  const { code } = await program.exited;
  const { stdout, stderr } = program;
  return { code, stdout, stderr };
}

const refused = (message: string) => ({ code: 1, stdout: '', stderr: `spoolite: ${message}\n` });

describe('config', () => {
  const folder = () =>
    settingsFolder({ 'spoolite.config.yaml': 'port: 8080\nhost: localhost\ntypes: [a, b]\n' });

  test('says for each setting what holds and where it comes from', async () => {
    const { code, stdout, stderr } = await run(folder(), ['config', '--concurrency', '4'], {
      SPOOLITE_LOG_LEVEL: 'warn',
      SPOOLITE_HOST: '127.0.0.1',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [file, , head, ...rows] = stdout.trimEnd().split('\n');
    expect([file, head]).toEqual([
      'Settings file: spoolite.config.yaml',
      expect.stringMatching(/^SETTING +FROM +VALUE$/),
    ]);
    const cells = rows.map((row) => row.split(/ {2,}/));
    expect(cells).toEqual(
      expect.arrayContaining([
        ['port', 'file', '8080'],
        ['types', 'file', '["a","b"]'],
        ['host', 'environment', '127.0.0.1'],
        ['logLevel', 'environment', 'warn'],
        ['concurrency', 'flag', '4'],
        ['durability', 'default', 'full'],
        ['workerId', 'default', '(host, process id and a random part)'],
      ]),
    );
    expect(stdout).not.toContain('\u001b');
  });

  test('--json says the same to programs', async () => {
    const { stdout } = await run(folder(), ['config', '--json'], { SPOOLITE_LOG_LEVEL: 'warn' });
    const { file, settings } = JSON.parse(stdout);
    expect(file).toBe('spoolite.config.yaml');
    expect(settings).toMatchObject({
      port: { value: 8080, source: 'file' },
      types: { value: ['a', 'b'], source: 'file' },
      logLevel: { value: 'warn', source: 'environment' },
      concurrency: { value: 10, source: 'default' },
      workerId: { value: null, source: 'default' },
    });
    expect(Object.keys(settings)).not.toContain('config');
  });

  test('a password in an address is masked, wherever it is shown', async () => {
    const secretive = settingsFolder({
      'spoolite.config.yaml': 'url: https://ada:s3cr:et@queue.example.org/q',
    });
    const shown = await run(secretive, ['config', '--json']);
    expect(JSON.parse(shown.stdout).settings.url.value).toBe('https://ada:********@queue.example.org/q');
    const refused = await run(secretive, ['config'], { SPOOLITE_URL: 'ftp://ada:s3cr:et@queue.example.org' });
    expect(refused.stderr).toMatch(/not "ftp:\/\/ada:\*{8}@queue\.example\.org"/);
    expect(shown.stdout + refused.stderr).not.toContain('s3cr');
  });

  test('what is kept for ever is said so', async () => {
    const keeping = settingsFolder({ 'spoolite.config.json': '{"keepFailedDays": null}' });
    const { settings } = JSON.parse((await run(keeping, ['config', '--json'])).stdout);
    expect(settings.keepFailedDays).toEqual({ value: 'forever', source: 'file' });
  });

  test('without a file', async () => {
    const empty = settingsFolder({});
    expect((await run(empty, ['config'])).stdout).toMatch(/^Settings file: none\n/);
    expect(JSON.parse((await run(empty, ['config', '--json'])).stdout).file).toBeNull();
  });

  test('the file that is named is read instead of the one that is there', async () => {
    const both = settingsFolder({
      'spoolite.config.json': '{"port": 1}',
      'conf/a.yml': 'port: 2\ndatabase: q.db',
    });
    const inForce = async (args: string[], env = {}) =>
      JSON.parse((await run(both, ['config', '--json', ...args], env)).stdout);
    const named = await inForce(['--config', 'conf/a.yml']);
    expect(named).toMatchObject({
      file: 'conf/a.yml',
      settings: { port: { value: 2 }, database: { value: 'conf/q.db' } },
    });
    expect(await inForce([], { SPOOLITE_CONFIG: 'conf/a.yml' })).toEqual(named);
    const { file } = await inForce(['--config', 'spoolite.config.json'], { SPOOLITE_CONFIG: 'conf/a.yml' });
    expect(file).toBe('spoolite.config.json');
  });
});

describe('a file that is wrong is refused in one sentence, without a stack', () => {
  const YAML = 'spoolite.config.yaml';
  test.each([
    ['serve', { [YAML]: 'portt: 1' }, `${YAML}: unknown setting "portt": did you mean "port"?`],
    ['work', { [YAML]: 'port: many' }, `${YAML}: port must be a number, not "many".`],
    [
      'dev',
      { 'spoolite.config.json': '{\n"port" 1}' },
      'spoolite.config.json, line 2, column 8: this is not JSON.',
    ],
    [
      'stats',
      { [YAML]: 'url: nowhere' },
      /^spoolite: spoolite\.config\.yaml: url must [^\n]*, not "nowhere"\.\n$/,
    ],
    [
      'serve',
      { [YAML]: '', 'spoolite.config.yml': '' },
      `There is more than one settings file, ${YAML} and spoolite.config.yml: keep one, or name it with --config.`,
    ],
  ])('%s %j', async (command, files, message) => {
    const result = await run(settingsFolder(files as Record<string, string>), [command], {
      SPOOLITE_URL: '',
    });
    if (typeof message === 'string') expect(result).toEqual(refused(message));
    else expect(result).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(message) });
  });

  test('one of two is read when it is named', async () => {
    const folder = settingsFolder({ [YAML]: '', 'spoolite.config.yml': 'port: 1' });
    expect(await run(folder, ['config', '--config', 'spoolite.config.yml'])).toMatchObject({ code: 0 });
  });
});

const HANDLERS = "export default { greet: async (task) => 'Hello, ' + task.payload.name };";

test('a server, a worker and the commands go by one file, wherever they are started', async () => {
  const settings = {
    database: './queue.db',
    handlers: './handlers.mjs',
    port: 0,
    logLevel: 'warn',
    workerId: 'w-1',
  };
  const folder = settingsFolder({
    'etc/s.json': JSON.stringify(settings),
    'etc/handlers.mjs': HANDLERS,
    'other/x': '',
  });
  const server = spooliteIn({}, ['serve', '--config', 'etc/s.json'], folder);
  const { url } = await listening(server);
  expect(existsSync(join(folder, 'etc/queue.db'))).toBe(true);

  const worker = spooliteIn({ SPOOLITE_CONFIG: '../etc/s.json' }, ['work'], join(folder, 'other'));
  await worker.says(/worker\s+w-1, 10 slots, types: greet/);

  writeFileSync(join(folder, 'other/spoolite.config.yaml'), `url: ${url}\n`);
  const env = { SPOOLITE_URL: '' };
  const enqueued = await run(join(folder, 'other'), ['enqueue', 'greet', '{"name":"Ada"}'], env);
  expect(enqueued).toMatchObject({ code: 0, stderr: '' });
  const { stdout } = await run(join(folder, 'other'), ['wait', '1'], env);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', result: 'Hello, Ada', locked_by: 'w-1' });
});

test('dev reads the file in the working directory; a flag goes over it', async () => {
  const yaml =
    'port: 0\nhandlers: handlers.mjs\nconcurrency: 3\nlogLevel: warn\ndatabase: ./data/spoolite.db\n';
  const folder = settingsFolder({ 'spoolite.config.yml': yaml, 'handlers.mjs': HANDLERS });
  const program = spooliteIn({}, ['dev', '--concurrency', '2', '--worker-id', 'w'], folder);
  await program.says(/worker\s+w, 2 slots, types: greet/);
  // The default's folder is made, also where the file says the default.
  expect(existsSync(join(folder, 'data/spoolite.db'))).toBe(true);
});

test('the commands leave the file alone when they are told where the server is', async () => {
  const folder = settingsFolder({ 'spoolite.config.json': '{' });
  const nobody = 'http://127.0.0.1:9';
  for (const [args, env] of [
    [['--url', nobody], {}],
    [[], { SPOOLITE_URL: nobody }],
  ] as const) {
    const { code, stderr } = await run(folder, ['stats', ...args], env);
    expect(code).toBe(1);
    expect(stderr).toContain(nobody);
  }
});

test('processes that share a port all go by what the file said at the start', async () => {
  const settings = JSON.stringify({
    processes: 2,
    port: await freePort(),
    bodyLimit: 1024,
    database: 'q.db',
    logLevel: 'silent',
  });
  const folder = settingsFolder({ 's.json': settings });
  const file = join(folder, 's.json');
  const { url, program } = await listening(spooliteIn({}, ['serve', '--config', file], folder));
  const serving = () => processesNaming(file).filter((pid) => pid !== program.pid);
  const enqueue = (payload: object) =>
    fetch(`${url}/api/queue/enqueue`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ type: 'a', payload }),
    });
  const large = { text: 'x'.repeat(2_000) };
  expect((await enqueue(large)).status).toBe(413);

  // Whoever replaces a process that has died cannot start by this any more.
  writeFileSync(file, '{');
  const before = serving();
  expect(before).toHaveLength(2);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await eventually(() => {
    const now = serving();
    return now.length === 2 && now.every((pid) => !before.includes(pid));
  });
  // Nobody answers until one of them listens.
  const reply = await eventually(() => enqueue(large).catch(() => null));
  expect(reply.status).toBe(413);
});
