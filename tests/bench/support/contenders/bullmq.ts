import type { Bench } from '../bench.js';
import { type Contender, type ContenderKind, MissingProgram } from './contender.js';
import { findProgram } from './find-program.js';
import { PeerFolder } from './peer-folder.js';
import { connectOnce, freePort, ServerProgram } from './server-program.js';

const NAME = 'BullMQ';

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
    name: `${NAME}, ${variant}`,
    newPlace: () => `redis://127.0.0.1:${port}/queue-${++queues}`,
    child: () => folder.child(bench),
    stop: () => server.stop(),
  };
}

export const bullmq: ContenderKind = {
  name: NAME,
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
