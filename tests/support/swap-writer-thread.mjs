// Preloaded, it gives the program a writer thread that dies when a test wants it to.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

const { Worker } = threads;
const DYING = new URL('./dying-writer-thread.js', import.meta.url);

threads.Worker = class extends Worker {
  constructor(entry, options) {
    super(String(entry).endsWith('/sqlite/writer-thread.js') ? DYING : entry, options);
  }
};
syncBuiltinESMExports();
