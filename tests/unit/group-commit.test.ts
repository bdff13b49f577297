import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { systemClock } from '../../src/core/clock.js';
import type { Durability } from '../../src/db/sqlite/connection.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';
import { eventually } from '../support/waiting.js';

const WATCHED = new URL('../support/watched-writer-thread.js', import.meta.url);

/** A storage whose commits can be counted and held back. */
function watchedStorage(durability: Durability = 'normal') {
  const file = join(scratchFolder(), 'queue.db');
  const open = () => {
    const opened = openSqliteStorage({
      ...{ file, durability, clock: systemClock, random: Math.random, writerThread: WATCHED },
    });
    onTestEnd(() => opened.close());
    return opened;
  };
  const hold = `${file}-hold`;
  onTestEnd(() => rmSync(hold, { force: true }));
  return {
    file,
    open,
    storage: open(),
    commits: () => (existsSync(`${file}-commits`) ? readFileSync(`${file}-commits`).length : 0),
    hold: () => writeFileSync(hold, ''),
    letGo: () => rmSync(hold),
  };
}

describe('group commit', () => {
  test('what is asked for in one turn shares one commit; what is asked for in turn does not', async () => {
    const { storage, commits } = watchedStorage();
    const { tasks } = storage.repositories;
    const enqueued = await Promise.all(Array.from({ length: 200 }, () => tasks.enqueue(newTask())));
    expect(new Set(enqueued.map(({ id }) => id)).size).toBe(200);
    expect(commits()).toBe(1);
    for (let count = 0; count < 3; count++) await tasks.enqueue(newTask());
    expect(commits()).toBe(4);
  });

  test('what comes in while a commit waits for the disk shares the next one', async () => {
    const { storage, commits, hold, letGo } = watchedStorage();
    const { tasks } = storage.repositories;
    hold();
    const first = tasks.enqueue(newTask());
    await eventually(() => commits() === 1);
    const others = [];
    for (let turn = 0; turn < 20; turn++) {
      others.push(tasks.enqueue(newTask()));
      await new Promise(setImmediate);
    }
    letGo();
    await Promise.all([first, ...others]);
    expect(commits()).toBe(2);
  });

  test('nobody is answered, and nobody reads it, before the commit; reads go on meanwhile', async () => {
    const { storage, commits, hold, letGo } = watchedStorage();
    const { tasks, leases, stats } = storage.repositories;
    const { id } = await tasks.enqueue(newTask());
    hold();
    let answered = false;
    const cancelled = tasks.cancel(id).finally(() => {
      answered = true;
    });
    await eventually(() => commits() === 2);
    for (let poll = 0; poll < 100; poll++) {
      expect((await tasks.find(id)).status).toBe('queued');
      await new Promise(setImmediate);
    }
    expect((await tasks.listIds({ status: 'queued' }, 10)).ids).toEqual([id]);
    expect(await stats.overview()).toMatchObject({ queued: 1, failed: 0 });
    expect(await leases.hasClaimable({ types: null, capabilities: {} })).toBe(true);
    expect(answered).toBe(false);
    letGo();
    await cancelled;
    expect((await tasks.find(id)).status).toBe('failed');
  });

  test('whoever is answered reads what he wrote, at once, also while others read all the time', async () => {
    const { storage } = watchedStorage();
    const { tasks } = storage.repositories;
    await tasks.enqueue(newTask());
    let reading = true;
    const reader = (async () => {
      for (; reading; await new Promise(setImmediate)) await tasks.find(1);
    })();
    for (let round = 0; round < 100; round++) {
      const { id } = await tasks.enqueue(newTask());
      expect((await tasks.find(id)).status).toBe('queued');
      await tasks.cancel(id);
      expect((await tasks.find(id)).status).toBe('failed');
    }
    reading = false;
    await reader;
  });

  test('one that fails takes nobody along, and each has its own answer', async () => {
    const { storage, commits } = watchedStorage();
    const { tasks } = storage.repositories;
    const key = { idempotencyKey: 'k' };
    const settled = await Promise.allSettled([
      tasks.enqueue(newTask(key)),
      tasks.enqueue(newTask({ ...key, priority: 1 })),
      tasks.enqueue(newTask({ priority: 5_000 })),
      tasks.cancel(99_999),
      tasks.enqueue(newTask()),
    ]);
    const codes = settled.map((one) => (one.status === 'rejected' ? one.reason.code : one.value));
    expect(codes).toEqual([
      expect.objectContaining({ id: 1, replayed: false }),
      'IDEMPOTENCY_KEY_REUSED',
      'INTERNAL_ERROR',
      'TASK_NOT_FOUND',
      expect.objectContaining({ replayed: false }),
    ]);
    expect((await tasks.listIds({}, 10)).ids).toHaveLength(2);
    expect(commits()).toBe(1);
  });

  test('another storage on the file hears of each commit, and sees it then', async () => {
    const { storage, open } = watchedStorage();
    const other = open();
    let wake = () => {};
    other.onCommit(() => wake());
    // So many that hearing of each by the safety net alone, which looks once a second, would take too long.
    for (let count = 1; count <= 40; count++) {
      const seen = new Promise<void>((resolve) => {
        wake = async () => {
          if ((await other.repositories.tasks.listIds({}, 100)).ids.length === count) resolve();
        };
      });
      await storage.repositories.tasks.enqueue(newTask());
      await seen;
    }
  }, 30_000);
});

describe('durability', () => {
  test.each<[Durability, string]>([
    ['full', '2'],
    ['normal', '1'],
  ])('%s is what the writer syncs with', async (durability, synchronous) => {
    const { file, storage } = watchedStorage(durability);
    await storage.repositories.tasks.enqueue(newTask());
    expect(readFileSync(`${file}-opened`, 'utf8')).toBe(synchronous);
  });
});
