import { setTimeout as delay } from 'node:timers/promises';
import { openSqliteStorage } from '../../../../src/app/open-sqlite-storage.js';
import { systemClock, systemRandom } from '../../../../src/core/clock.js';
import { enqueueInBatches } from '../contenders/batches.js';
import { TASK } from '../load/load.js';
import { exposeToParent } from './child-functions.js';

const BATCH = 1000;

const open = (file: string) =>
  openSqliteStorage({ file, durability: 'full', clock: systemClock, random: systemRandom });

/** Fills queues and watches them, at the repositories. */
const functions = {
  /** Enqueues `count` tasks; returns how many seconds that took. */
  async fill(file: string, count: number): Promise<number> {
    const storage = open(file);
    const { tasks } = storage.repositories;
    const seconds = await enqueueInBatches(count, BATCH, (size) =>
      tasks.enqueueMany(new Array(size).fill(TASK)),
    );
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
