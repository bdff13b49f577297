import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../../src/domain/clock.js';
import type { NewTask } from '../../../../src/domain/new-task.js';
import { systemRandom } from '../../../../src/domain/random.js';
import { openSqliteStorage } from '../../../../src/repositories/sqlite/open-sqlite-storage.js';
import { ENQUEUE } from '../load/requests.js';
import { exposeToParent } from './child-functions.js';

const BATCH = 1000;

const { type, payload } = JSON.parse(ENQUEUE.body as string);

/** The task of {@link ENQUEUE}, as the controller makes it. */
const TASK: NewTask = {
  type,
  payload: JSON.stringify(payload),
  compatibility: '{}',
  priority: 100,
  maxAttempts: 5,
  runAfter: null,
  idempotencyKey: null,
};

const open = (file: string) =>
  openSqliteStorage({ file, durability: 'full', clock: systemClock, random: systemRandom });

/** Fills queues and watches them, at the repositories. */
const functions = {
  /** Enqueues `count` tasks; returns how many seconds that took. */
  async fill(file: string, count: number, changes: Partial<NewTask> = {}): Promise<number> {
    const storage = open(file);
    const task = { ...TASK, ...changes };
    const start = performance.now();
    for (let left = count; left > 0; left -= BATCH) {
      await storage.repositories.tasks.enqueueMany(new Array(Math.min(left, BATCH)).fill(task));
    }
    const seconds = (performance.now() - start) / 1000;
    await storage.close();
    return seconds;
  },
  /** Waits until nothing is queued or processing. */
  async untilDrained(file: string): Promise<void> {
    const storage = open(file);
    for (;;) {
      const { queued, processing } = await storage.repositories.stats.overview();
      if (queued + processing === 0) break;
      await delay(5);
    }
    await storage.close();
  },
};
export type QueueFunctions = typeof functions;

exposeToParent(functions);
