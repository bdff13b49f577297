import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { systemClock } from '../../src/core/clock.js';
import type { ClaimedTask } from '../../src/core/task.js';
import type { Repositories } from '../../src/repositories/storage.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask, seededRandom } from '../support/queue-under-test.js';

const RACES = 2_000;

/** Races at once: as many as one claim takes. */
const HEAT = 50;

function open(file: string): Repositories {
  const storage = openSqliteStorage({ file, durability: 'normal', clock: systemClock, random: Math.random });
  onTestEnd(() => storage.close());
  return storage.repositories;
}

async function claimHeat({ tasks, leases }: Repositories): Promise<ClaimedTask[]> {
  await tasks.enqueueMany(Array.from({ length: HEAT }, () => newTask()));
  const wishes = { workerId: 'worker-a', types: null, capabilities: {}, strategy: 'fifo' } as const;
  return leases.claim({ ...wishes, limit: HEAT, leaseMs: 60_000 });
}

test('cancel races complete 2,000 times, from two storages on one file: one outcome each', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const [user, worker] = [open(file), open(file)];
  const random = seededRandom(11);
  const wins = { cancel: 0, complete: 0 };

  async function race(task: ClaimedTask): Promise<void> {
    const { id } = task;
    const cancel = () => user.tasks.cancel(id);
    const complete = () =>
      worker.leases.complete(task, '"done"').then(
        () => true,
        ({ code, message }) => {
          expect({ code, message }).toEqual({ code: 'LEASE_LOST', message: `Task ${id} was cancelled` });
          return false;
        },
      );
    // Who asks first is left to chance; whose commit is first, to the two writers and the lock.
    const first = random() < 0.5;
    const early = first ? cancel() : complete();
    const late = first ? complete() : cancel();
    const [cancelled, completed] = (await Promise.all(first ? [early, late] : [late, early])) as [
      Awaited<ReturnType<typeof cancel>>,
      boolean,
    ];
    expect(cancelled).toEqual({ id, status: completed ? 'completed' : 'failed', changed: !completed });
    wins[completed ? 'complete' : 'cancel']++;
    const outcome = completed
      ? { status: 'completed', failureReason: null, errorMessage: null, result: '"done"', progress: 100 }
      : { status: 'failed', failureReason: 'cancelled', errorMessage: 'Cancelled by user', result: null };
    expect(await user.tasks.find(id)).toMatchObject({ ...outcome, attempts: 1, leaseUntil: null });
    const log = (await user.logs.list({ taskId: id, limit: 10 })).entries;
    const last = completed ? 'Completed' : 'Cancelled by user';
    expect(log.map(({ message }) => message)).toEqual(['Claimed by worker-a', last]);
  }

  for (let raced = 0; raced < RACES; raced += HEAT) await Promise.all((await claimHeat(worker)).map(race));
  expect(wins.cancel + wins.complete).toBe(RACES);
  expect(Math.min(wins.cancel, wins.complete)).toBeGreaterThan(RACES / 20);
  const { completed, failed } = await user.stats.overview();
  expect({ completed, failed }).toEqual({ completed: wins.complete, failed: wins.cancel });
}, 60_000);
