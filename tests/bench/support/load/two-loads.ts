import type { Bench } from '../bench.js';
import type { Load, LoadResult } from './load.js';
import type { LoadFunctions } from './load-process.js';
import { ENQUEUE, polls } from './requests.js';

/** Tasks that are polled. */
export const POLLED = 100;

const POLLS_PER_SECOND = 500;

/** Paced polls of a few tasks on eight connections: their clock runs whatever the server does. */
const pollLoad = (address: string, seconds: number): Load => ({
  address,
  seconds,
  connections: 8,
  perSecond: POLLS_PER_SECOND,
  requests: polls(POLLED),
});

/** Puts tasks there to be polled. */
export async function fillFor(bench: Bench, address: string): Promise<void> {
  const body = JSON.stringify({
    tasks: Array.from({ length: POLLED }, () => JSON.parse(ENQUEUE.body as string)),
  });
  const path = '/api/queue/enqueue/batch';
  await fetch(`${address}${path}`, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  bench.say(`filled ${address}`);
}

export const onlyPolls = (bench: Bench, address: string, seconds: number): Promise<LoadResult> =>
  bench.load(pollLoad(address, seconds));

/** Polls while so many clients enqueue without a pause. */
export async function pollsAmongEnqueues(
  bench: Bench,
  address: string,
  { seconds, clients }: { seconds: number; clients: number },
): Promise<{ polled: LoadResult; enqueued: LoadResult }> {
  const enqueuer = bench.child<LoadFunctions>('load/load-process');
  const [polled, enqueued] = await Promise.all([
    onlyPolls(bench, address, seconds),
    enqueuer.call.run({ address, seconds, connections: clients, requests: [ENQUEUE] }),
  ]);
  await enqueuer.end();
  return { polled, enqueued };
}
