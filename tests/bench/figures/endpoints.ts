import type { Bench } from '../support/bench.js';
import { type Figure, ratioRow } from '../support/figure.js';
import {
  assertNoErrors,
  fillFor,
  HELLO,
  type LoadRequest,
  type LoadResult,
  POLLED,
  poll,
  polls,
} from '../support/load/load.js';

const CONNECTIONS = 64;

const get = (path: string, headers: Record<string, string> = {}): LoadRequest => ({
  method: 'GET',
  path,
  headers,
});

/** One request of each kind that a client or the page asks often. */
const REQUESTS: Record<string, LoadRequest[]> = {
  stats: [get('/api/queue/stats')],
  'list of 10': [get('/api/queue/tasks?limit=10')],
  'poll with wait=0': [get('/api/queue/tasks/1?wait=0')],
  'poll with a cookie': [get('/api/queue/tasks/1', { Cookie: 'theme=dark' })],
  'poll with a query': [get('/api/queue/tasks/1?_=1')],
  'poll by HEAD': [{ ...poll(1), method: 'HEAD' }],
};

const put = async (bench: Bench, address: string, requests: LoadRequest[]): Promise<LoadResult> =>
  assertNoErrors(await bench.load({ address, connections: CONNECTIONS, requests }));

const ratesOf = (results: LoadResult[]): number[] => results.map(({ perSecond }) => perSecond);

/** What endpoints cost beside the least that node:http can do, and what the raw transport is worth. */
export const endpointCost: Figure = {
  name: 'endpoints',
  about: `requests per second on ${CONNECTIONS} connections ÷ a bare node:http hello; the raw transport ÷ node's`,
  async run(bench) {
    const hello = await bench.reference('bare-hello');
    const raw = await bench.server();
    const node = await bench.server({ nodeHttp: true });
    for (const { address } of [raw, node]) await fillFor(bench, address);
    const results = await bench.rounds({
      hello: () => put(bench, hello, [HELLO]),
      raw: () => put(bench, raw.address, polls(POLLED)),
      node: () => put(bench, node.address, polls(POLLED)),
      ...Object.fromEntries(
        Object.entries(REQUESTS).map(([what, requests]) => [what, () => put(bench, raw.address, requests)]),
      ),
    });
    const {
      hello: bare = [],
      raw: byRaw = [],
      node: byNode = [],
      ...others
    } = results as Record<string, LoadResult[]>;
    return [
      ratioRow({
        what: 'plain poll, raw transport ÷ node',
        ours: ratesOf(byRaw),
        reference: ratesOf(byNode),
        of: '/s',
        target: { atLeast: 1.25 },
      }),
      ...Object.entries(others).map(([what, samples]) =>
        ratioRow({
          what: `${what} ÷ hello`,
          ours: ratesOf(samples),
          reference: ratesOf(bare),
          of: '/s',
          target: { atLeast: 0.4 },
        }),
      ),
    ];
  },
};
