import type { SqliteClient } from './connection.js';

/** What SQLite tells of the write-ahead log: its pages, and how many of them are in the database already. */
export interface LogState {
  log: number;
  checkpointed: number;
}

/** Bytes of the write-ahead log that are not in the database yet. Not to be asked within a transaction. */
export function waitingBytes(client: SqliteClient): number {
  const [{ log, checkpointed }] = client.pragma('wal_checkpoint(NOOP)') as [LogState];
  // A database without such a log has -1 of each.
  return Math.max(log - checkpointed, 0) * Number(client.pragma('page_size', { simple: true }));
}
