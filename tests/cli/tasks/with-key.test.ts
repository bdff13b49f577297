import { beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { makeKey } from '../../support/access.js';
import { type QueueServer, startQueueServer } from '../../support/browser/queue-server.js';
import { CommandLine } from '../../support/program.js';

let server: QueueServer;
let admin: string;

const as = (key?: string) => new CommandLine(server.url, { SPOOLITE_KEY: key });

beforeEach(async () => {
  server = await startQueueServer();
  await server.client.enqueue('mail');
  admin = await makeKey(server.database, ['admin'], { name: 'root' });
});

describe('a command to a server that asks for a key', () => {
  test('takes it from SPOOLITE_KEY, or from --key, which goes first', async () => {
    expect(await as(admin).json('status', '1')).toMatchObject({ task_id: 1 });
    expect((await as().run('status', '1', '--key', admin)).code).toBe(0);
    expect((await as('spool_nonsense').run('status', '1', '--key', admin)).code).toBe(0);
  });

  test.each([undefined, 'spool_nonsense'])('says what to do with the key %j', async (key) => {
    const { code, stdout, stderr } = await as(key).run('list');
    expect([code, stdout]).toEqual([expect.any(Number), '']);
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      'Set SPOOLITE_KEY to a key of that server; create one on its machine with "npx spoolite keys create --name me --scopes read,enqueue"',
    );
    expect(stderr).not.toContain('nonsense');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('says what a key lacks', async () => {
    const key = await makeKey(server.database, ['read'], { name: 'reader' });
    const { code, stderr } = await as(key).run('enqueue', 'mail');
    expect(code).not.toBe(0);
    expect(stderr).toContain('The key "reader" lacks the required scope enqueue');
    expect((await as(key).run('list')).code).toBe(0);
  });

  test('never shows it: spoolite config masks it', async () => {
    for (const args of [['config'], ['config', '--json']]) {
      const { code, stdout, stderr } = await as(admin).run(...args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/key/);
      expect(stdout).not.toContain(admin.slice(8));
    }
  });
});

describe('spoolite audit', () => {
  test('shows who changed what, newest first', async () => {
    const key = await makeKey(server.database, ['enqueue', 'read'], { name: 'Zoë' });
    await as(key).run('cancel', '1');
    const entries = await as(admin).json('audit', '--limit', '2');
    expect(entries).toMatchObject([
      { actor: 'Zoë', action: 'cancel', task_id: 1, outcome: 'cancelled', address: '127.0.0.1' },
      { action: 'keys.create', details: { key: 'Zoë', scopes: ['enqueue', 'read'] } },
    ]);
    expect(await as(admin).json('audit', '--actor', 'Zoë', '--action', 'cancel', '--task', '1')).toHaveLength(
      1,
    );
    expect(await as(admin).json('audit', '--actor', 'nobody')).toEqual([]);
  });

  test('is a table for people, without what their terminal would obey', async () => {
    const db = new Database(server.database);
    db.prepare(
      "insert into audit_entries (at, actor, action, outcome) values (0, 'cli:\u001b[31mred', 'odd', 'ünï')",
    ).run();
    db.close();
    const terminal = as(admin).inTerminal('audit', '--action', 'odd');
    await terminal.exited;
    expect(terminal.output).toMatch(/TIME.*ACTOR.*ADDRESS.*ACTION.*TASK.*OUTCOME/);
    expect(terminal.output).toContain('ünï');
    expect(terminal.output).toContain('red');
    expect(terminal.output).not.toContain('\u001b[31mred');
  });

  test('is for administrators', async () => {
    const key = await makeKey(server.database, ['read'], { name: 'reader' });
    const { code, stderr } = await as(key).run('audit');
    expect(code).not.toBe(0);
    expect(stderr).toContain('The key "reader" lacks the required scope admin');
  });
});
