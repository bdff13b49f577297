import type { ContenderKind } from './contender.js';
import { PeerFolder } from './peer-folder.js';
import { connectOnce, freePort, ServerProgram } from './server-program.js';

const NAME = 'bunqueue';

export const bunqueue: ContenderKind = {
  name: NAME,
  settings:
    'server over TCP, on Bun; concurrency 200, batches of 200; with durable jobs, and as it is by default',
  async start(bench) {
    const folder = new PeerFolder(NAME);
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
      name: `${NAME}, ${variant}`,
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
