import { compared, contest, pickUps } from '../support/contenders/contest.js';
import { type Figure, percentile } from '../support/figure.js';

const TASKS = 200;

/** How soon a sleeping worker begins what another process has enqueued, beside other queues. */
export const peersPickUp: Figure = {
  name: 'peers-pick-up',
  about:
    'from an acknowledged enqueue to the handler begun in another process, idle queue: ours ÷ other queues',
  peers: true,
  async run(bench) {
    const count = Math.max(10, bench.scaled(TASKS));
    const all = await contest(bench, 'single', (contender) => pickUps(contender, count));
    const at = (share: number): Record<string, number[]> =>
      Object.fromEntries(
        Object.entries(all).map(([name, rounds]) => [name, rounds.map((each) => percentile(each, share))]),
      );
    return [...compared(at(0.5), 'ms', 'p50: '), ...compared(at(0.99), 'ms', 'p99: ')];
  },
};
