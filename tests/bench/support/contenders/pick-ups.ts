import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../processes/child.js';
import type { ContenderFunctions } from './contender-functions.js';

/** Milliseconds between two tasks: the worker sleeps again by then. The pause varies, to hit no rhythm. */
const PAUSE_MS = 15;
const VARIATION_MS = 20;

const SETTLE_MS = 300;

/** Milliseconds from each acknowledged enqueue to the beginning of its handler in another process, on an idle queue. */
export async function pickUps(
  enqueuer: Child<ContenderFunctions>,
  worker: Child<ContenderFunctions>,
  count: number,
): Promise<number[]> {
  await worker.call.work('single');
  await delay(SETTLE_MS);
  const acknowledged = new Map<number, number>();
  for (let key = 1; key <= count; key++) {
    acknowledged.set(key, await enqueuer.call.enqueueOne(key));
    await delay(PAUSE_MS + Math.random() * VARIATION_MS);
  }
  await worker.call.untilDone(count);
  const starts = await worker.call.starts();
  return starts.map(([key, at]) => (at - (acknowledged.get(key) ?? Number.NaN)) / 1e6);
}
