import { openForWriting } from '../../../../src/db/sqlite/connection.js';
import { migrate } from '../../../../src/db/sqlite/migrate.js';
import { TASK } from '../load/load.js';
import { exposeToParent } from './child-functions.js';

const INSERT = `insert into tasks (type, status, due, priority, max_attempts, payload, compatibility, created_at,
  updated_at, run_after, revision) values (?, 'queued', 1, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** What better-sqlite3 alone takes to put the same rows into the same tables, on one thread and with FULL. */
const functions = {
  /** Returns how many seconds that took. */
  insert(file: string, count: number, batch: number): number {
    const { client } = openForWriting(file, 'full');
    migrate(client);
    const insert = client.prepare(INSERT);
    const takeRevisions = client.prepare('update queue_state set revision = revision + ?');
    const { type, priority, maxAttempts, payload, compatibility } = TASK;
    const insertBatch = client.transaction((from: number, size: number) => {
      const now = Date.now();
      takeRevisions.run(size);
      for (let at = 1; at <= size; at++)
        insert.run(type, priority, maxAttempts, payload, compatibility, now, now, now, from + at);
    });
    const start = performance.now();
    for (let from = 0; from < count; from += batch)
      insertBatch.immediate(from, Math.min(batch, count - from));
    const seconds = (performance.now() - start) / 1000;
    client.close();
    return seconds;
  },
};
export type RawInsertFunctions = typeof functions;

exposeToParent(functions);
