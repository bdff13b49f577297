import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { ManualClock } from '../../src/core/clock.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Child } from '../support/processes.js';
import { newTask } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

interface Opened {
  tasks?: number;
  error?: string;
}

/** The file as SQLite sees it, past our own code. */
function inspect(file: string): Database.Database {
  const client = new Database(file);
  onTestEnd(() => client.close());
  return client;
}

const schemaOf = (client: Database.Database): unknown[] =>
  client.prepare('select type, name, sql from sqlite_schema order by type, name').all();

describe('migrate', () => {
  test('six processes at once on a new file, time after time: all succeed, on one schema', async () => {
    const folder = scratchFolder();
    const children = Array.from({ length: 6 }, () => new Child('open-process.mjs'));
    await Promise.all(children.map((child) => child.next()));
    const alone = join(folder, 'alone.db');
    await children[0]?.ask({ file: alone });
    const schema = schemaOf(inspect(alone));
    for (let round = 0; round < 20; round++) {
      const file = join(folder, `${round}.db`);
      const fully = round < 2;
      const opened = await Promise.all(children.map((child) => child.ask<Opened>({ file, fully })));
      expect(opened).toEqual(children.map(() => ({ tasks: 0 })));
      const client = new Database(file);
      expect(schemaOf(client)).toEqual(schema);
      const migrations = client.prepare('select count(*) - count(distinct hash) from __drizzle_migrations');
      expect(migrations.pluck().get()).toBe(0);
      expect(client.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(client.pragma('auto_vacuum', { simple: true })).toBe(2);
      client.close();
    }
  });

  test('a new file that another process is writing to is waited for', async () => {
    const file = join(scratchFolder(), 'queue.db');
    const child = new Child('open-process.mjs');
    await child.next();
    const other = inspect(file);
    // SQLite refuses at once to switch such a file to WAL, whatever the busy timeout.
    other.exec('create table begun (a); drop table begun; begin immediate');
    const answer = child.ask<Opened>({ file });
    expect(await Promise.race([answer, delay(300, 'it waits')])).toBe('it waits');
    other.exec('rollback');
    expect(await answer).toEqual({ tasks: 0 });
  });

  test('a file is in WAL mode, gives space back, and says whose it is', async () => {
    const file = join(scratchFolder(), 'queue.db');
    await openOnFile(new ManualClock(), file).close();
    const client = inspect(file);
    const settings = ['journal_mode', 'auto_vacuum', 'application_id'].map((name) =>
      client.pragma(name, { simple: true }),
    );
    expect(settings).toEqual(['wal', 2, Buffer.from('SPOO').readInt32BE()]);
  });

  test('what is in a file stays when it is opened again, also while another program holds its write lock', async () => {
    const file = join(scratchFolder(), 'queue.db');
    const first = openOnFile(new ManualClock(), file);
    const { id } = await first.repositories.tasks.enqueue(newTask({ payload: { kept: true } }));
    await first.close();
    const other = inspect(file);
    other.exec('begin immediate');
    const again = openOnFile(new ManualClock(), file);
    expect(await again.repositories.tasks.find(id)).toMatchObject({ payload: '{"kept":true}' });
    other.exec('rollback');
    await again.close();
  });
});
