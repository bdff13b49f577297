import type { Bench } from '../bench.js';
import { type Contender, type ContenderKind, MissingProgram } from './contender.js';
import {
  connectOnce,
  findProgram,
  freePort,
  PeerFolder,
  PostgresCluster,
  ServerProgram,
} from './peer-programs.js';

export const plainjob: ContenderKind = {
  name: 'plainjob',
  settings:
    'synchronous=NORMAL, which it sets itself: a power cut may lose the last jobs; looks for jobs once a second',
  async start(bench) {
    const folder = new PeerFolder('plainjob');
    folder.install(bench);
    return [
      {
        name: 'plainjob',
        newPlace: () => bench.newDatabase(),
        child: () => folder.child(bench),
        stop: async () => undefined,
      },
    ];
  },
};

const BULLMQ = 'BullMQ';

/** By default Redis saves a snapshot now and then: up to minutes of work are lost in a crash. */
const REDIS_SETTINGS = {
  'appendfsync always': ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
  "Redis' defaults": [],
};

async function startOn(
  bench: Bench,
  folder: PeerFolder,
  redis: string,
  variant: keyof typeof REDIS_SETTINGS,
): Promise<Contender> {
  const port = await freePort();
  const directory = bench.newFolder();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    directory,
    ...REDIS_SETTINGS[variant],
  ];
  const server = new ServerProgram(redis, args);
  await server.untilReady(() => connectOnce(port));
  let queues = 0;
  return {
    name: `${BULLMQ}, ${variant}`,
    newPlace: () => `redis://127.0.0.1:${port}/queue-${++queues}`,
    child: () => folder.child(bench),
    stop: () => server.stop(),
  };
}

export const bullmq: ContenderKind = {
  name: BULLMQ,
  settings:
    'concurrency 200, done jobs removed; with appendfsync always, and with what Redis does by default',
  async start(bench) {
    const redis = findProgram('redis-server');
    if (!redis) throw new MissingProgram('redis-server', 'redis-server');
    const folder = new PeerFolder('bullmq');
    folder.install(bench);
    return [
      await startOn(bench, folder, redis, 'appendfsync always'),
      await startOn(bench, folder, redis, "Redis' defaults"),
    ];
  },
};

const GRAPHILE_WORKER = 'graphile-worker';

/** Jobs that a worker takes in advance: as the documentation measures, and the best of several. */
const LOCAL_QUEUES = [500, 2000];

export const graphileWorker: ContenderKind = {
  name: GRAPHILE_WORKER,
  settings: `PostgreSQL's defaults over a Unix socket; concurrency 24, completions batched, local queue of ${LOCAL_QUEUES.join(' or ')}`,
  async start(bench) {
    const folder = new PeerFolder(GRAPHILE_WORKER);
    folder.install(bench);
    const cluster = await PostgresCluster.start();
    return LOCAL_QUEUES.map((size, at) => ({
      name: `${GRAPHILE_WORKER}, local queue of ${size}`,
      forManyOnly: at > 0,
      newPlace: () => `${cluster.newDatabase()}#${size}`,
      child: () => folder.child(bench),
      stop: async () => (at === 0 ? cluster.stop() : undefined),
    }));
  },
};

const BUNQUEUE = 'bunqueue';

export const bunqueue: ContenderKind = {
  name: BUNQUEUE,
  settings:
    'server over TCP, on Bun; concurrency 200, batches of 200; with durable jobs, and as it is by default',
  async start(bench) {
    const folder = new PeerFolder(BUNQUEUE);
    folder.install(bench);
    const bun = folder.path('node_modules/bun/bin/bun.exe');
    const port = await freePort();
    const server = new ServerProgram(bun, [
      folder.path('node_modules/bunqueue/dist/cli/index.js'),
      'start',
      ...['--host', '127.0.0.1', '--tcp-port', String(port), '--http-port', String(await freePort())],
      ...['--data-path', bench.newDatabase()],
    ]);
    await server.untilReady(() => connectOnce(port));
    let queues = 0;
    const contender = (variant: string, query: string, stop: () => Promise<void>) => ({
      name: `${BUNQUEUE}, ${variant}`,
      newPlace: () => `tcp://127.0.0.1:${port}/queue-${++queues}${query}`,
      child: () => folder.child(bench, bun),
      stop,
    });
    return [
      contender('durable', '?durable', () => server.stop()),
      contender('default (loses on a crash)', '', async () => undefined),
    ];
  },
};
