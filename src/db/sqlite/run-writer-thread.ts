import { parentPort, workerData } from 'node:worker_threads';
import { CommitMeter } from '../writer/commit-meter.js';
import { ThreadLoop } from '../writer/thread-loop.js';
import type { WriterThreadData } from '../writer/thread-writer.js';
import type { Operations } from '../writer/writer.js';
import { CommitSignal } from './commit-signal.js';
import { type Durability, openForWriting, type SqliteClient } from './connection.js';
import { FileGuard } from './files.js';
import { GroupCommitter } from './group-committer.js';
import { RefusalMark } from './refusal-mark.js';
import { Checkpointer } from './wal.js';

/** Lets tests simulate a slow or full disk, and benches compare settings. */
export interface WriterHooks {
  opened?(client: SqliteClient): void;
  beforeCommit?(): void;
  /** Most tasks in one transaction; default {@link MAX_GROUP}. */
  maxGroup?: number;
}

/** Where and how the writer thread stores. */
export interface SqliteTarget {
  file: string;
  durability: Durability;
}

/** Called by the writer thread's entry module: opens the file and serves requests until it is closed. */
export function runWriterThread(operations: Operations, hooks: WriterHooks = {}): void {
  if (!parentPort) throw new Error('runWriterThread: not called on a worker thread');
  const { file, durability, meter, hasEventSink, closed } = workerData as WriterThreadData & SqliteTarget;
  const connection = openForWriting(file, durability);
  // The loop waits for locks itself: SQLite's own waiting grows to 100 ms steps.
  connection.client.pragma('busy_timeout = 0');
  hooks.opened?.(connection.client);
  const signal = new CommitSignal(file);
  const mark = new RefusalMark(file);
  const guard = new FileGuard(file);
  const checkpointer = new Checkpointer(connection.client);
  const beforeCommit = () => {
    guard.check();
    hooks.beforeCommit?.();
  };
  new ThreadLoop(
    parentPort,
    new GroupCommitter(connection, operations, beforeCommit, hasEventSink),
    new CommitMeter(meter),
    () => signal.raise(),
    (bytes) => mark.raise(bytes),
    (weight) => checkpointer.committed(weight),
    () => {
      signal.close();
      connection.client.close();
      Atomics.store(closed, 0, 1);
      Atomics.notify(closed, 0);
    },
    hooks.maxGroup,
  );
}
