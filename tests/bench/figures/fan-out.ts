import type { Figure } from '../support/figure.js';
import type { StreamsFunctions } from '../support/processes/streams-process.js';

const STREAMS = 1_000;
const TASKS = 1_000;

/** Whether a batch that many follow leaves others unanswered. */
export const fanOut: Figure = {
  name: 'fan-out',
  about: `polls while a batch of ${TASKS} goes out to ${STREAMS} event streams; the streams' process is slower than the server`,
  async run(bench) {
    const { address } = await bench.server();
    const { call } = bench.child<StreamsFunctions>('processes/streams-process');
    await call.open(address, Math.max(10, bench.scaled(STREAMS)));
    const { each } = await bench.rounds({ each: () => call.batch(address, TASKS) });
    await call.close();
    return [
      {
        what: 'slowest poll',
        unit: 'ms',
        samples: each.map(({ slowestPoll }) => slowestPoll),
        target: { atMost: 250 },
      },
      { what: 'until all streams were told', unit: 'ms', samples: each.map(({ toldAll }) => toldAll) },
    ];
  },
};
