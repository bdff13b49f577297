import { type Figure, ratioRow } from '../support/figure.js';
import { assertNoErrors, fillFor, onlyPolls, pollsAmongEnqueues } from '../support/load/load.js';
import type { LockFunctions } from '../support/processes/lock-process.js';

const LOCK_SECONDS = 3;

/** Whether a poll waits for a writer of another process. */
export const pollUnderLock: Figure = {
  name: 'poll-under-lock',
  about: `p99 of polls while another process holds the write lock for ${LOCK_SECONDS} s, and clients enqueue ÷ idle`,
  async run(bench) {
    const { address, database } = await bench.server();
    await fillFor(bench, address);
    const locker = bench.child<LockFunctions>('processes/lock-process');
    const seconds = Math.min(LOCK_SECONDS, bench.plan.seconds);
    const idle = async () => assertNoErrors(await onlyPolls(bench, address, seconds)).p99;
    const locked = async () => {
      const held = locker.call.hold(database, seconds);
      const { polled, enqueued } = await pollsAmongEnqueues(bench, address, { seconds, clients: 8 });
      await held;
      assertNoErrors(enqueued);
      return assertNoErrors(polled).p99;
    };
    const p99 = await bench.rounds({ idle, locked });
    return [
      ratioRow({
        what: 'p99 locked ÷ idle',
        ours: p99.locked,
        reference: p99.idle,
        of: 'ms',
        target: { atMost: 2 },
      }),
    ];
  },
};
