import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from './contender.js';

/** Milliseconds between two tasks: the worker sleeps again by then. The pause varies, to hit no rhythm. */
const PAUSE_MS = 15;
const VARIATION_MS = 20;

const SETTLE_MS = 300;

/** Milliseconds from each acknowledged enqueue to the beginning of its handler in another process, on an idle queue. */
export async function pickUps(contender: Contender, count: number): Promise<number[]> {
  const place = await contender.newPlace();
  const [enqueuer, worker] = [contender.child(), contender.child()];
  await enqueuer.call.open(place);
  await worker.call.open(place);
  await worker.call.work('single');
  await delay(SETTLE_MS);
  const acknowledged = new Map<number, number>();
  for (let key = 1; key <= count; key++) {
    acknowledged.set(key, await enqueuer.call.enqueueOne(key));
    await delay(PAUSE_MS + Math.random() * VARIATION_MS);
  }
  await worker.call.untilDone(count);
  const starts = await worker.call.starts();
  for (const child of [worker, enqueuer]) {
    await child.call.close();
    await child.end();
  }
  return starts.map(([key, at]) => at - (acknowledged.get(key) ?? Number.NaN));
}
