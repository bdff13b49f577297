import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { ManualClock } from '../../src/index.js';
import { readChanges } from '../../src/services/read-changes.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

/** A storage with three tasks, and another program's connection to its file, which raises no signal. */
async function setUp() {
  const file = join(scratchFolder(), 'queue.db');
  const storage = openOnFile(new ManualClock(), file);
  const other = new Database(file);
  onTestEnd(async () => {
    other.close();
    await storage.close();
  });
  const { tasks, changes } = storage.repositories;
  await tasks.enqueueMany([newTask(), newTask(), newTask()]);
  const touch = (id: number) =>
    other.exec(`begin immediate;
      update queue_state set revision = revision + 1;
      update tasks set priority = 7, revision = (select revision from queue_state) where id = ${id};
      commit`);
  return { storage, tasks, changes, touch, file };
}

describe('changes read from a file that others write', () => {
  test('a task that changes while the page is read comes later, never before its turn', async () => {
    const { changes, touch } = await setUp();
    let touched = false;
    const wants = () => {
      if (!touched) touch(2);
      touched = true;
      return true;
    };
    const page = await readChanges(changes, { after: 0, limit: 10, filter: wants });
    expect(page.tasks.map(({ id }) => id)).toEqual([1, 3]);
    const next = await readChanges(changes, { after: page.revision, limit: 10 });
    expect(next.tasks.map(({ id, priority }) => [id, priority])).toEqual([[2, 7]]);
  });
});

describe('a task read after another process has changed it', () => {
  test('is as it is now, though it was read in this turn of the event loop already', async () => {
    const { tasks, touch } = await setUp();
    expect((await tasks.find(1)).priority).toBe(100);
    touch(1);
    expect((await tasks.find(1)).priority).toBe(7);
    expect((await tasks.listIds({}, 10)).ids).toEqual([3, 2, 1]);
  });

  test('is as it is now, whoever has been reading since before', async () => {
    const { tasks, file } = await setUp();
    const other = openOnFile(new ManualClock(), file);
    onTestEnd(() => other.close());
    let isOver = false;
    // In every turn, beginning in the part of it that comes before sockets and messages are read.
    const always = async () => {
      for (; !isOver; await turn()) void tasks.find(1);
    };
    const reading = always();
    const seen: string[] = [];
    for (let round = 0; round < 100; round++) {
      const { id } = await other.repositories.tasks.enqueue(newTask());
      seen.push(await tasks.find(id).then(({ status }) => status, String));
    }
    isOver = true;
    await reading;
    expect(seen).toEqual(seen.map(() => 'queued'));
  });

  test('is of the same moment as what its caller reads next', async () => {
    const { tasks, touch } = await setUp();
    const before = await tasks.find(1);
    touch(1);
    expect(await tasks.findMany([1])).toEqual([before]);
  });
});

describe('whoever begins to listen for commits', () => {
  test('sees from then on what was committed before', async () => {
    const { storage, tasks, touch } = await setUp();
    await tasks.find(1);
    touch(1);
    const end = storage.onCommit(() => undefined);
    expect((await tasks.findMany([1])).map(({ priority }) => priority)).toEqual([7]);
    end();
  });
});
