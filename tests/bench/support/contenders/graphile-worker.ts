import type { ContenderKind } from './contender.js';
import { PeerFolder } from './peer-folder.js';
import { PostgresCluster } from './postgres-cluster.js';

const NAME = 'graphile-worker';

/** Jobs that a worker takes in advance: as the documentation measures, and the best of several. */
const LOCAL_QUEUES = [500, 2000];

export const graphileWorker: ContenderKind = {
  name: NAME,
  settings: `PostgreSQL's defaults over a Unix socket; concurrency 24, completions batched, local queue of ${LOCAL_QUEUES.join(' or ')}`,
  async start(bench) {
    const folder = new PeerFolder(NAME);
    folder.install(bench);
    const cluster = await PostgresCluster.start();
    return LOCAL_QUEUES.map((size, at) => ({
      name: `${NAME}, local queue of ${size}`,
      forManyOnly: at > 0,
      newPlace: () => `${cluster.newDatabase()}#${size}`,
      child: () => folder.child(bench),
      stop: async () => (at === 0 ? cluster.stop() : undefined),
    }));
  },
};
