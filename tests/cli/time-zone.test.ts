import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { listening, spooliteIn } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const HOUR = 3_600_000;
const SOON = 1_500;

/** The reading of a clock that many hours east of Greenwich. */
const reading = (instant: number, hoursEast: number): string =>
  new Date(instant + hoursEast * HOUR).toISOString().slice(0, -1);

const SPELLINGS: ((instant: number) => string)[] = [
  (instant) => reading(instant, 0),
  (instant) => `${reading(instant, 0)}Z`,
  (instant) => `${reading(instant, 9)}+09:00`,
  (instant) => `${reading(instant, -8)}-08:00`,
];

/** Done as soon as it is claimed. */
const TASK = { type: 'flaky', payload: { fail_times: 0 } };

describe.each(['Asia/Tokyo', 'America/Los_Angeles'])('the program in %s', (TZ) => {
  test('claims each task at the instant that was meant, however it was written', async () => {
    const env = { TZ, SPOOLITE_PORT: '0', SPOOLITE_DATABASE: `${scratchFolder()}/queue.db` };
    const { url } = await listening(spooliteIn(env, ['dev']));
    const client = new Client(url);
    const now = Date.now();
    // A wrong zone would be hours off: the past ones would wait, and the late ones run.
    const enqueueAt = (instant: number) =>
      SPELLINGS.map((write) => ({ ...TASK, run_after_utc: write(instant) }));
    const past = await client.enqueueMany([TASK, ...enqueueAt(now - HOUR)]);
    const soon = await client.enqueueMany(enqueueAt(now + SOON));
    const late = await client.enqueueMany(enqueueAt(now + HOUR));

    for (const id of [...past, ...soon]) {
      const task = await eventually(async () => {
        const seen = await client.task(id);
        return seen.done && seen;
      }, 30_000);
      const [started, due] = [Date.parse(task.processing_started_utc), Date.parse(task.run_after_utc)];
      expect(started).toBeGreaterThanOrEqual(due);
      if (soon.includes(id)) expect(due).toBe(now + SOON);
    }
    for (const id of late) {
      const dueLate = new Date(now + HOUR).toISOString();
      expect(await client.task(id)).toMatchObject({ status: 'queued', attempts: 0, run_after_utc: dueLate });
    }
  });
});
