import type { Operation } from '../../../db/sqlite/transaction.js';

/** What a write needs beside the texts that it stores: pages of the tables, indexes and counters that it changes. */
const MARGIN_BYTES = 64 * 1024;

/** So few pages are kept in memory that the others must be written at once. */
const FEW_PAGES = 10;

/** Of the tasks that are held, the largest: to settle it, its row is written anew. */
const LARGEST_HELD =
  'select coalesce(max(octet_length(payload) + coalesce(octet_length(result), 0)), 0) from tasks where lease_until is not null';

/**
 * Finds out whether a write as large as one that was refused would be stored, and those by which held tasks are settled. It is
 * written to the write-ahead log and taken back; what is committed in the end is next to nothing: it uses up a revision.
 */
export const probe = (({ client, allocateRevisions }) => {
  const savepoint = client.prepare('savepoint probe');
  const undo = client.prepare('rollback to probe');
  const release = client.prepare('release probe');
  const largestHeld = client.prepare(LARGEST_HELD).pluck();
  const write = client.prepare(
    "insert into audit_entries (at, actor, action, outcome, details) values (0, '', '', '', ?)",
  );

  function writeAndTakeBack(bytes: number): void {
    const cacheSize = client.pragma('cache_size', { simple: true });
    client.pragma(`cache_size = ${FEW_PAGES}`);
    try {
      savepoint.run();
      write.run(Buffer.alloc(bytes));
      undo.run();
      release.run();
    } finally {
      client.pragma(`cache_size = ${cacheSize}`);
    }
  }

  return ({ filler }) => {
    writeAndTakeBack(Math.max(filler.length, Number(largestHeld.get())) + MARGIN_BYTES);
    allocateRevisions();
    return null;
  };
}) satisfies Operation<ProbeArgs, null>;

export interface ProbeArgs {
  /** As large as the write that was refused. */
  filler: string;
}
