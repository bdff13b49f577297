// Handlers for workers in processes of their own: `bad` ends its process as the payload says, `innocent` does its work.
import { EventEmitter } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const trap = () => {
  throw new Error('trapped');
};

const later = (run) => setTimeout(run, 1);

/** Notes the crash itself: a thread takes a while to begin. */
const THREAD = `
  require('node:fs').writeFileSync(require('node:worker_threads').workerData, '');
  throw new Error('in a thread');
`;

const CRASHES = {
  timer: () => later(() => trap()),
  rejection: () => void Promise.reject(new RangeError('nobody awaits this')),
  emitter: () => later(() => new EventEmitter().emit('error', new Error('nobody listens'))),
  thread: (_, crashed) => new Worker(THREAD, { eval: true, workerData: crashed }),
  listener: (signal) => (signal.aborted ? trap() : signal.addEventListener('abort', trap)),
  undefined: () =>
    later(() => {
      throw undefined;
    }),
  proxy: () =>
    later(() => {
      throw new Proxy({ secret: 1 }, { get: trap, has: trap, getPrototypeOf: trap, ownKeys: trap });
    }),
  'exit 0': () => process.exit(0),
  'exit 3': () => later(() => process.exit(3)),
  kill: () => process.kill(process.pid, 'SIGKILL'),
};

let innocents = 0;

export default {
  /** Crashes; the first time when `payload.neighbours` others run, which it notes in the file `payload.crashed`. */
  bad: {
    timeoutSeconds: 1,
    retryTimeouts: true,
    async handler({ payload }, { signal }) {
      while (!existsSync(payload.crashed) && innocents < payload.neighbours) await delay(5);
      if (payload.how !== 'thread') writeFileSync(payload.crashed, '');
      CRASHES[payload.how](signal, payload.crashed);
      await new Promise(() => undefined);
    },
  },

  /** Takes `payload.workMs`, which is longer than a crash does, and is not done before the first. */
  async innocent({ payload }) {
    innocents++;
    while (!existsSync(payload.crashed)) await delay(5);
    await delay(payload.workMs);
  },
};
