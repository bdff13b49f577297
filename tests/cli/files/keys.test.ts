import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { ask, makeKey } from '../../support/access.js';
import { scratchFolder } from '../../support/cleanup.js';
import { spooliteRan, startServer } from '../../support/program.js';

const TOKEN = /^spool_[\w-]{43}\n$/;

let file: string;

const keys = (...args: string[]) => spooliteRan(['keys', ...args, '--database', file]);

const create = (name: string, scopes: string, ...more: string[]) =>
  keys('create', '--name', name, '--scopes', scopes, ...more);

const list = async () => JSON.parse((await keys('list')).stdout);

beforeEach(() => {
  file = join(scratchFolder(), 'queue.db');
});

describe('keys create', () => {
  test('makes the file, and prints the key alone, once', async () => {
    const { code, stdout, stderr } = await create('ci', 'enqueue, read');
    expect([code, stdout]).toEqual([0, expect.stringMatching(TOKEN)]);
    const [made, shown, ...rest] = stderr.split('\n');
    expect(made).toMatch(/^Created the database .*: is it the one that your server uses\?$/);
    expect(shown).toBe('The key "ci". It is shown only once and not stored: keep it in a safe place.');
    expect(rest).toEqual(['']);
    expect(await list()).toEqual([
      {
        name: 'ci',
        state: 'good',
        scopes: ['enqueue', 'read'],
        created_at_utc: expect.stringMatching(/Z$/),
        expires_at_utc: null,
        revoked_at_utc: null,
        last_used_at_utc: null,
      },
    ]);
    expect((await keys('list')).stdout).not.toContain(stdout.trim());
    expect((await create('other', 'read')).stderr).not.toContain('Made');
  });

  test('prints JSON where that is asked for, and nothing else', async () => {
    await create('first', 'read');
    const { stdout, stderr } = await create('ci', 'read', '--json');
    expect(JSON.parse(stdout)).toEqual({ name: 'ci', key: expect.stringMatching(/^spool_/) });
    expect(stderr).toBe('');
  });

  test('takes an end: from now, or an instant', async () => {
    await create('days', 'read', '--expires', '90d');
    await create('instant', 'read', '--expires', '2099-01-02T03:04:05Z');
    const [days, instant] = await list();
    const left = Date.parse(days.expires_at_utc) - Date.parse(days.created_at_utc);
    expect(Math.abs(left - 90 * 86_400_000)).toBeLessThan(60_000);
    expect(instant.expires_at_utc).toBe('2099-01-02T03:04:05.000Z');
  });

  test.each([
    [['--scopes', 'read'], /required option '--name <name>'/],
    [['--name', 'ci'], /required option '--scopes <scopes>'/],
    [['--name', 'ci', '--scopes', 'reed'], /Scopes are read, enqueue, work, admin, separated by commas/],
    [['--name', 'ci', '--scopes', ''], /Scopes are read/],
    [['--name', 'a:b', '--scopes', 'read'], /must be of letters, digits, spaces and \. _ @ -/],
    [['--name', 'a\u001b[31m', '--scopes', 'read'], /must be of letters/],
    [['--name', 'x'.repeat(101), '--scopes', 'read'], /not be longer than 100 characters/],
    [['--name', 'anonymous', '--scopes', 'read'], /must not be "anonymous"/],
    [['--name', 'ci', '--scopes', 'read', '--expires', '1y'], /time from now, such as 90d or 12h/],
    [['--name', 'ci', '--scopes', 'read', '--expires', '2001-01-01T00:00:00Z'], /must be in the future/],
    [['--name', 'ci', '--scopes', 'read', '--expires', '0d'], /must be in the future/],
  ])('%j is refused, and says why', async (args, reason) => {
    const { code, stdout, stderr } = await keys('create', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(file)).toBe(false);
  });

  test('gives no name twice, also not that of a key that is revoked', async () => {
    await create('ci', 'read');
    const twice = await create('ci', 'admin');
    expect([twice.code, twice.stdout]).toEqual([1, '']);
    expect(twice.stderr).toMatch(/A key "ci" exists or existed/);
    await keys('revoke', 'ci');
    expect((await create('ci', 'read')).stderr).toMatch(/A key "ci" exists or existed/);
    expect(await list()).toHaveLength(1);
  });
});

describe('what ends keys', () => {
  test('revoke is for good', async () => {
    await create('ci', 'read');
    const { code, stdout, stderr } = await keys('revoke', 'ci');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toBe('The key "ci" is revoked: servers now refuse it.\n');
    for (const action of ['revoke', 'rotate']) {
      const again = await keys(action, 'ci');
      expect([again.code, again.stdout]).toEqual([1, '']);
      expect(again.stderr).toMatch(/"ci" is revoked permanently/);
    }
    expect(await list()).toEqual([expect.objectContaining({ state: 'revoked' })]);
  });

  test('rotate prints another one', async () => {
    const { stdout: first } = await create('ci', 'read');
    const { code, stdout } = await keys('rotate', 'ci');
    expect([code, stdout]).toEqual([0, expect.stringMatching(TOKEN)]);
    expect(stdout).not.toBe(first);
    expect(JSON.parse((await keys('rotate', 'ci', '--json')).stdout).key).not.toBe(stdout.trim());
  });

  test.each(['revoke', 'rotate'])('%s says that there is no such key', async (action) => {
    await create('ci', 'read');
    const { code, stderr } = await keys(action, 'cd');
    expect(code).toBe(1);
    expect(stderr).toMatch(/There is no key "cd": "spoolite keys list" shows the existing ones/);
  });

  test.each([['list'], ['revoke', 'ci'], ['rotate', 'ci']])(
    '%s makes no file of a wrong name',
    async (...args) => {
      const { code, stdout, stderr } = await keys(...args);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        /There is no database file .*queue\.db: set the one that the server uses with --database/,
      );
      expect(existsSync(file)).toBe(false);
    },
  );

  test('a database in memory has none', async () => {
    file = ':memory:';
    for (const args of [['list'], ['create', '--name', 'ci', '--scopes', 'read']]) {
      const { code, stderr } = await keys(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/A database in memory is visible only to its own process/);
    }
  });
});

test('people get a table, and are told what having none means', async () => {
  const { stdout: token } = await create('ci', 'enqueue,read', '--expires', '12h');
  const { stdout } = await keys('list', '--no-json');
  expect(stdout).toMatch(/NAME\s+STATE\s+SCOPES\s+CREATED\s+EXPIRES\s+LAST USED/);
  expect(stdout).toMatch(/ci\s+good\s+enqueue,read\s+\S+Z\s+\S+Z\s+never/);
  expect(stdout).not.toContain(token.trim());
});

test('a server that runs heeds each command with the next request, and its audit log has them', async () => {
  const { url } = await startServer(file);
  const port = Number(new URL(url).port);
  const statusWith = async (token?: string) => {
    const headers: Record<string, string> = token ? { Authorization: `Bearer ${token.trim()}` } : {};
    return (await ask({ port, method: 'GET', path: '/api/queue/stats', headers })).status;
  };
  expect(await statusWith()).toBe(200);
  const { stdout: first } = await create('ci', 'read');
  expect([await statusWith(), await statusWith(first)]).toEqual([401, 200]);
  const { stdout: second } = await keys('rotate', 'ci');
  expect([await statusWith(first), await statusWith(second)]).toEqual([401, 200]);
  await keys('revoke', 'ci');
  expect(await statusWith(second)).toBe(401);
  const admin = await makeKey(file, ['admin'], { name: 'admin' });
  const audit = await fetch(`${url}/api/audit`, { headers: { 'X-API-Key': admin } });
  const entries = (await audit.json()) as object[];
  expect(entries.slice(1)).toEqual(
    ['keys.revoke', 'keys.rotate', 'keys.create'].map((action) =>
      expect.objectContaining({
        action,
        actor: `cli:${userInfo().username}`,
        address: null,
        request_id: null,
        outcome: 'done',
        details: expect.objectContaining({ key: 'ci' }),
      }),
    ),
  );
});
