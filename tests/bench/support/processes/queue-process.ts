import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../../src/domain/clock.js';
import { systemRandom } from '../../../../src/domain/random.js';
import { openSqliteStorage } from '../../../../src/repositories/sqlite/open-sqlite-storage.js';
import { TASK } from '../load/new-task.js';
import { exposeToParent } from './child-functions.js';

const BATCH = 1000;

const open = (file: string) =>
  openSqliteStorage({ file, durability: 'full', clock: systemClock, random: systemRandom });

/** Fills queues and watches them, at the repositories. */
const functions = {
  /** Enqueues `count` tasks, so many batches at once; returns how many seconds that took. */
  async fill(file: string, count: number, { clients = 1 } = {}): Promise<number> {
    const storage = open(file);
    let left = count;
    const enqueueBatches = async () => {
      while (left > 0) {
        const size = Math.min(left, BATCH);
        left -= size;
        await storage.repositories.tasks.enqueueMany(new Array(size).fill(TASK));
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: clients }, enqueueBatches));
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
