import type { Figure } from '../support/figure.js';
import type { StreamsFunctions } from '../support/processes/streams-process.js';

const STREAMS = 1_000;
const TASKS = 1_000;

/** Whether a batch that many follow leaves others unanswered. */
export const fanOut: Figure = {
  name: 'fan-out',
  about: `the slowest poll while a batch of ${TASKS} goes out to ${STREAMS} event streams`,
  async run(bench) {
    const { address } = await bench.server();
    const streams = bench.child<StreamsFunctions>('processes/streams-process');
    const poller = bench.child<StreamsFunctions>('processes/streams-process');
    await streams.call.open(address, Math.max(10, bench.scaled(STREAMS)));
    const round = async () => {
      await poller.call.startPolling(address);
      const toldAll = await streams.call.batch(address, TASKS);
      return { toldAll, slowest: await poller.call.stopPolling() };
    };
    const { each } = await bench.rounds({ each: round });
    await streams.call.close();
    return [
      {
        what: 'slowest poll',
        unit: 'ms',
        samples: each.map(({ slowest }) => slowest),
        target: { atMost: 250 },
      },
      { what: 'until all streams were told', unit: 'ms', samples: each.map(({ toldAll }) => toldAll) },
    ];
  },
};
