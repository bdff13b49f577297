// A writer thread that says what it does: `<database>-opened` says how it syncs, `<database>-commits` has one byte for
// each commit it has begun; and it commits nothing for as long as there is a file `<database>-hold`.
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { runWriterThread } from '../../dist/db/sqlite/run-writer-thread.js';
import { sqliteOperations } from '../../dist/repositories/sqlite/operations/index.js';

const { file } = workerData;
const pause = new Int32Array(new SharedArrayBuffer(4));

runWriterThread(sqliteOperations(), {
  opened(client) {
    writeFileSync(`${file}-opened`, String(client.pragma('synchronous', { simple: true })));
  },
  beforeCommit() {
    appendFileSync(`${file}-commits`, '.');
    while (existsSync(`${file}-hold`)) Atomics.wait(pause, 0, 0, 2);
  },
});
