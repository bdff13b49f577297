// A writer thread that dies with its next commit once there is a file `<database>-die`: by an error where it says `throw`,
// without a word where it says `exit`. Nothing that it has done by then is answered.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { runWriterThread } from '../../dist/db/sqlite/run-writer-thread.js';
import { sqliteOperations } from '../../dist/repositories/sqlite/operations/index.js';

const order = `${workerData.file}-die`;

runWriterThread(sqliteOperations(), {
  beforeCommit() {
    if (!existsSync(order)) return;
    const how = readFileSync(order, 'utf8');
    rmSync(order);
    if (how === 'exit') process.exit(1);
    // An error thrown here would only fail this commit. The answer must not overtake the one thrown later.
    parentPort.postMessage = () => undefined;
    setImmediate(() => {
      throw new Error('Out of memory, for a test');
    });
  },
});
