import type { ContenderKind } from './contender.js';
import { PeerFolder } from './peer-folder.js';
import { PostgresCluster } from './postgres-cluster.js';

const NAME = 'graphile-worker';

export const graphileWorker: ContenderKind = {
  name: NAME,
  settings:
    "PostgreSQL's defaults over a Unix socket; concurrency 24, local queue of 500, completions batched",
  async start(bench) {
    const cluster = await PostgresCluster.start();
    const folder = new PeerFolder(NAME);
    folder.install(bench);
    return [
      {
        name: NAME,
        newPlace: () => cluster.newDatabase(),
        child: () => folder.child(bench),
        stop: () => cluster.stop(),
      },
    ];
  },
};
