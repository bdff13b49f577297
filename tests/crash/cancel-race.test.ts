import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { systemClock } from '../../src/domain/clock.js';
import { SpooliteError } from '../../src/domain/spoolite-error.js';
import type { ClaimedTask } from '../../src/domain/stored-task.js';
import type { Storage } from '../../src/repositories/storage.js';
import { newTask } from '../support/new-task.js';
import { scratchFolder } from '../support/scratch-folder.js';
import { openOnFile } from '../support/sqlite-engines.js';

const ROUNDS = 2_000;
const BATCH = 100;

const opened: Storage[] = [];

/** Two storages on one file stand for two processes: each has a connection and a writer thread of its own. */
function open(file: string): Storage {
  const storage = openOnFile(systemClock, file);
  opened.push(storage);
  return storage;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((storage) => storage.close()));
});

interface Race {
  cancelled: boolean;
  completed: boolean;
  status: string;
  failureReason: string | null;
  result: string | null;
}

async function race(task: ClaimedTask, worker: Storage, user: Storage, workerFirst: boolean): Promise<Race> {
  const complete = () =>
    worker.repositories.leases.complete(task, '"done"').then(
      () => true,
      (error) => {
        if (error instanceof SpooliteError && error.code === 'LEASE_LOST') return false;
        throw error;
      },
    );
  const cancel = () => user.repositories.tasks.cancel(task.id).then(({ changed }) => changed);
  const [first, second] = workerFirst ? [complete(), cancel()] : [cancel(), complete()];
  const [completed, cancelled] = workerFirst ? [await first, await second] : [await second, await first];
  const { status, failureReason, result } = await user.repositories.tasks.find(task.id);
  return { cancelled, completed, status, failureReason, result };
}

test('cancel and complete racing 2,000 times give one outcome each', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const worker = open(file);
  const user = open(file);
  const races: Race[] = [];
  while (races.length < ROUNDS) {
    await user.repositories.tasks.enqueueMany(Array.from({ length: BATCH }, () => newTask()));
    const claim = { workerId: 'w', types: null, capabilities: {}, limit: BATCH, leaseMs: 60_000 };
    const tasks = await worker.repositories.leases.claim({ ...claim, strategy: 'priority' });
    races.push(...(await Promise.all(tasks.map((task, at) => race(task, worker, user, at % 2 === 0)))));
  }

  const won = { completed: 0, cancelled: 0 };
  for (const { cancelled, completed, ...task } of races) {
    expect(cancelled).toBe(!completed);
    if (completed) expect(task).toEqual({ status: 'completed', failureReason: null, result: '"done"' });
    else expect(task).toEqual({ status: 'failed', failureReason: 'cancelled', result: null });
    won[completed ? 'completed' : 'cancelled'] += 1;
  }
  expect(won.completed + won.cancelled).toBe(ROUNDS);
  // A race that one side always wins would be none.
  expect(Math.min(won.completed, won.cancelled)).toBeGreaterThan(0);
});
