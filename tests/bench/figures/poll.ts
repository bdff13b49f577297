import type { Bench, Server } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import {
  assertNoErrors,
  ENQUEUE,
  fillFor,
  HELLO,
  LIST,
  type LoadRequest,
  type LoadResult,
  POLLED,
  poll,
  polls,
} from '../support/load/load.js';
import type { LoadFunctions } from '../support/load/load-process.js';

const CONNECTIONS = 64;

const CHANGES_PER_SECOND = 100;
const AMONG_CHANGES = `poll 200, among ${CHANGES_PER_SECOND} enqueues a second`;

/** The polls again, as clients send them that have seen each task. */
async function knownPolls({ address }: Server): Promise<LoadRequest[]> {
  const one = async (at: number): Promise<LoadRequest> => {
    const request = poll(at + 1);
    const { headers } = await fetch(`${address}${request.path}`);
    return { ...request, headers: { 'If-None-Match': headers.get('etag') as string } };
  };
  return Promise.all(Array.from({ length: POLLED }, (_, at) => one(at)));
}

const put = async (bench: Bench, address: string, requests: LoadRequest[]): Promise<LoadResult> =>
  assertNoErrors(await bench.load({ address, connections: CONNECTIONS, requests }));

/** What a client asks while others enqueue: what the server remembers of one moment does not hold for the next. */
async function pollsAmongChanges(bench: Bench, address: string): Promise<LoadResult> {
  const enqueuer = bench.child<LoadFunctions>('load/load-process');
  const { seconds } = bench.plan;
  const [polled, enqueued] = await Promise.all([
    put(bench, address, polls(POLLED)),
    enqueuer.call.run({
      address,
      seconds,
      connections: 8,
      perSecond: CHANGES_PER_SECOND,
      requests: [ENQUEUE],
    }),
  ]);
  await enqueuer.end();
  assertNoErrors(enqueued);
  return polled;
}

function assertUnchanged(result: LoadResult): LoadResult {
  if (result.statuses[304] !== result.answers)
    throw new Error(`Not only 304: ${JSON.stringify(result.statuses)}`);
  return result;
}

const ratesOf = (results: LoadResult[]): number[] => results.map(({ perSecond }) => perSecond);

/**
 * What polls cost beside the least that node:http can do. That the load is not what is measured is part of the
 * table: while it is put on the bare server, the fastest of them, its process must have time left.
 */
export const pollCost: Figure = {
  name: 'poll',
  about: `polls and lists per second on ${CONNECTIONS} connections ÷ a bare node:http hello`,
  async run(bench) {
    const hello = await bench.reference('bare-hello');
    const server = await bench.server();
    await fillFor(bench, server.address);
    const known = await knownPolls(server);
    const results = await bench.rounds({
      hello: () => put(bench, hello, [HELLO]),
      'poll 200': () => put(bench, server.address, polls(POLLED)),
      'poll 304': async () => assertUnchanged(await put(bench, server.address, known)),
      [AMONG_CHANGES]: () => pollsAmongChanges(bench, server.address),
      'list of 100': () => put(bench, server.address, [LIST]),
    });
    const { hello: bare, ...ours } = results;
    const targets: Record<keyof typeof ours, number> = {
      'poll 200': 0.6,
      [AMONG_CHANGES]: 0.6,
      'poll 304': 0.7,
      'list of 100': 0.025,
    };
    return [
      ...Object.entries(ours).map(([what, samples]) =>
        ratioRow({
          what: `${what} ÷ hello`,
          ours: ratesOf(samples),
          reference: ratesOf(bare),
          of: '/s',
          target: { atLeast: targets[what as keyof typeof ours] },
        }),
      ),
      {
        what: 'load process busy, hello',
        unit: '%',
        samples: bare.map(({ busy }) => busy * 100),
        target: { atMost: 80 },
      },
    ];
  },
};
