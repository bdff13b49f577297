import { parentPort, workerData } from 'node:worker_threads';
import { CommitSignal } from '../commit-signal.js';
import { openForWriting } from '../connection.js';
import { GroupCommitter } from './group-committer.js';
import type { Operations } from './operation.js';
import { ThreadLoop } from './thread-loop.js';
import type { WriterThreadData } from './thread-writer.js';

/** What the writer thread's entry module calls: opens the file and serves requests until told to close. */
export function runWriterThread(operations: Operations): void {
  if (!parentPort) throw new Error('runWriterThread: not called on a worker thread');
  const { file, durability } = workerData as WriterThreadData;
  const connection = openForWriting(file, durability);
  // The loop waits for locks itself: SQLite's own waiting grows to 100 ms steps.
  connection.client.pragma('busy_timeout = 0');
  const signal = new CommitSignal(file);
  new ThreadLoop(
    parentPort,
    new GroupCommitter(connection, operations),
    () => signal.raise(),
    () => {
      signal.close();
      connection.client.close();
    },
  );
}
