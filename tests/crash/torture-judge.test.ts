import { closeSync, openSync, statSync, writeSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ownAttempt } from '../../src/torture/task-requests.js';
import { failure, LEASE_MS } from '../support/queue-under-test.js';
import { WitnessedQueue } from './witnessed-queue.js';

/** Adds an entry at the end of a task's log. */
const logEntry = (taskId: number, attempt: number, message: string) =>
  `insert into task_logs (id, task_id, at, level, message, attempt)
   select revision + 1, ${taskId}, 0, 'info', '${message}', ${attempt} from queue_state;
   update queue_state set revision = revision + 1`;

describe('the judge of a torture', () => {
  test('finds nothing in a queue that went through everything in good order', async () => {
    const witnessed = new WitnessedQueue();
    const { queue } = witnessed;
    const id = await witnessed.completedTask();
    witnessed.finishedStates.set(id, { status: 'completed', finishedAt: '1970-01-01T00:00:00.000Z' });
    await queue.tasks.retry(id); // by hand: what was seen before no longer holds
    await queue.leases.release(await witnessed.begin());
    const first = await witnessed.begin();
    await queue.leases.fail(first, failure({ errorMessage: ownAttempt(first.attempts) }));
    await witnessed.begin('worker-b');
    queue.clock.advance(LEASE_MS);
    await queue.leases.reap();
    await witnessed.complete(await witnessed.begin('worker-c'));
    await queue.tasks.cancel(await witnessed.enqueue());
    await witnessed.enqueue(1);
    await queue.leases.fail(await witnessed.begin(), failure());

    expect(witnessed.judge()).toEqual({
      violations: [],
      endings: { completed: 1, 'failed: cancelled': 1, 'failed: error': 1 },
    });
  });

  test('a task that was acknowledged and is gone is lost', async () => {
    const witnessed = new WitnessedQueue();
    await witnessed.completedTask();
    witnessed.ledger.ask('gone');
    witnessed.ledger.acknowledge('gone', 99);

    expect(witnessed.judge().violations).toEqual([
      {
        name: 'lost',
        count: 1,
        details: ['task 99 (key gone) was acknowledged, but is not in the database'],
      },
    ]);
  });

  test('a task whose id went to another one is lost', async () => {
    const witnessed = new WitnessedQueue();
    const id = await witnessed.completedTask();
    witnessed.ledger.ask('gone');
    witnessed.ledger.acknowledge('gone', id);

    expect(witnessed.breaches()).toEqual({ lost: 1 });
  });

  test('a key that was acknowledged as two tasks is an answer no client should get', async () => {
    const witnessed = new WitnessedQueue();
    await witnessed.completedTask();
    witnessed.ledger.acknowledge('key-1', 99);

    expect(witnessed.breaches()).toEqual({ unexpected_reply: 1 });
  });

  test('a refused task must not be there, nor one that nobody asked for', async () => {
    const witnessed = new WitnessedQueue();
    await witnessed.completedTask();
    for (const key of ['refused', 'unasked']) {
      await witnessed.queue.enqueue({ idempotencyKey: key });
      await witnessed.complete(await witnessed.begin());
    }
    witnessed.ledger.refuse('refused');

    expect(witnessed.breaches()).toEqual({ refused_but_stored: 1, unasked: 1 });
  });

  test('a task with two ends in its log was settled twice', async () => {
    const witnessed = new WitnessedQueue();
    witnessed.tamper(logEntry(await witnessed.completedTask(), 1, 'Completed'));

    expect(witnessed.judge().violations).toEqual([
      {
        name: 'settled_twice',
        count: 2,
        details: [
          'task 1: "Completed" while it was completed',
          '1 completions were counted, the tasks show 2',
        ],
      },
    ]);
  });

  test('a task whose completion was written over was settled twice', async () => {
    const witnessed = new WitnessedQueue();
    await witnessed.completedTask();
    witnessed.tamper('update minute_counts set completed = completed + 1');

    expect(witnessed.breaches()).toEqual({ settled_twice: 1 });
  });

  test('a task that changed after a client saw it finished was settled twice', async () => {
    const witnessed = new WitnessedQueue();
    const id = await witnessed.completedTask();
    witnessed.finishedStates.set(id, { status: 'failed', finishedAt: '1970-01-01T00:00:00.000Z' });

    expect(witnessed.breaches()).toEqual({ settled_twice: 1 });
  });

  test.each(['queued', 'processing'])('a task that is %s at the end is stuck', async (status) => {
    const witnessed = new WitnessedQueue();
    await witnessed.completedTask();
    await witnessed.enqueue();
    if (status === 'processing') await witnessed.begin();

    expect(witnessed.breaches()).toEqual({ stuck: 1 });
  });

  test.each([
    ['the status counts', 'update queue_state set queued = queued + 1', 1],
    ["a type's counts", 'update type_counts set completed = 0, failed = 1', 2],
    ['a type that is not counted', 'delete from type_counts', 1],
    ["a lane's count", 'update lanes set due = due + 1', 1],
    ['the last revision', 'update queue_state set revision = 0', 1],
  ])('%s must equal a recount', async (_, sql, count) => {
    const witnessed = new WitnessedQueue();
    await witnessed.completedTask();
    witnessed.tamper(sql);

    expect(witnessed.breaches()).toEqual({ counters: count });
  });

  test('an attempt that was executed twice for one claim is an overrun', async () => {
    const witnessed = new WitnessedQueue();
    const id = await witnessed.completedTask();
    witnessed.record('start', id, 1);

    expect(witnessed.breaches()).toEqual({ overrun: 1 });
  });

  test('a claim that did not count is an overrun', async () => {
    const witnessed = new WitnessedQueue();
    const id = await witnessed.completedTask();
    witnessed.tamper(`update tasks set attempts = 0 where id = ${id};
      update task_logs set attempt = 0 where task_id = ${id}`);

    expect(witnessed.breaches()).toMatchObject({ overrun: 1 });
  });

  test('a claim of a task that is held is reported', async () => {
    const witnessed = new WitnessedQueue();
    const id = await witnessed.enqueue();
    const task = await witnessed.begin();
    witnessed.tamper(`${logEntry(id, 1, 'Claimed by worker-b')};
      update queue_state set revision = revision + 1;
      update tasks set attempts = 2, claimed_revision = (select revision from queue_state) where id = ${id}`);
    await witnessed.complete({ ...task, attempts: 2 });

    expect(witnessed.breaches()).toEqual({ owned_twice: 1 });
  });

  test('a task that an earlier attempt completed or failed was settled by one that did not own it', async () => {
    const witnessed = new WitnessedQueue();
    const { leases } = witnessed.queue;
    await witnessed.enqueue();
    await witnessed.enqueue();
    for (const task of [await witnessed.begin(), await witnessed.begin()]) {
      await leases.fail(task, failure({ errorMessage: ownAttempt(1) }));
      witnessed.record('return', task.id, 1);
    }
    await leases.complete(await witnessed.begin(), '{"attempt":1}');
    await leases.fail(await witnessed.begin(), failure({ errorMessage: ownAttempt(1), retryDelayMs: null }));

    expect(witnessed.breaches()).toEqual({ superseded: 2 });
  });

  test('a completed task whose handler never returned is reported', async () => {
    const witnessed = new WitnessedQueue();
    await witnessed.enqueue();
    await witnessed.queue.leases.complete(await witnessed.begin(), '{"attempt":1}');

    expect(witnessed.breaches()).toEqual({ superseded: 1 });
  });

  test('a row that its log does not explain is reported', async () => {
    const witnessed = new WitnessedQueue();
    const id = await witnessed.enqueue();
    await witnessed.queue.leases.fail(await witnessed.begin(), failure({ retryDelayMs: null }));
    witnessed.tamper(`delete from task_logs where task_id = ${id} and message like 'Failed%'`);

    expect(witnessed.breaches()).toEqual({ log_differs: 1 });
  });

  test('rows without their parents and overwritten pages are damage', async () => {
    const orphaned = new WitnessedQueue();
    const id = await orphaned.enqueue();
    await orphaned.queue.tasks.cancel(id);
    orphaned.tamper(`delete from tasks where id = ${id}`);
    const overwritten = new WitnessedQueue();
    await overwritten.completedTask();
    await overwritten.queue.storage.close();
    const file = openSync(overwritten.file, 'r+');
    writeSync(file, Buffer.alloc(statSync(overwritten.file).size - 8192, 0xff), 0, null, 8192);
    closeSync(file);

    for (const witnessed of [orphaned, overwritten]) {
      expect(Object.keys(witnessed.breaches())).toContain('damage');
    }
  });

  test('what processes did by themselves, and a torture in which nothing happened, are reported', () => {
    const witnessed = new WitnessedQueue();
    witnessed.complaints.push('worker-1 ended with code 1 by itself');

    expect(witnessed.breaches()).toEqual({ ended_by_itself: 1, nothing_ran: 1 });
  });
});
