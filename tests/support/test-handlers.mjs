// Handlers for workers in processes of their own: the payload says what happens.
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export default {
  /** Runs until there is a file at `payload.until`; returns the process that ran it. */
  async wait({ payload }, { signal }) {
    while (!existsSync(payload.until)) await delay(10, undefined, { signal });
    return { pid: process.pid };
  },

  /** Notes that this process ran the task. */
  record({ taskId }) {
    appendFileSync(process.env.RECORD_FILE, `${taskId}\n`);
  },
};
