import type { Operation } from '../../../db/sqlite/transaction.js';

/** The size of a write besides its texts: pages of the tables, indexes and counters that it changes. */
const MARGIN_BYTES = 64 * 1024;

/** A page cache so small that the other pages must be written at once. */
const FEW_PAGES = 10;

/** The largest of the held tasks: settling it rewrites its row. */
const LARGEST_HELD =
  'select coalesce(max(octet_length(payload) + coalesce(octet_length(result), 0)), 0) from tasks where lease_until is not null';

/**
 * Checks whether a write as large as a refused one would be stored, and those that settle held tasks. It is written to
 * the write-ahead log and rolled back; the final commit is tiny: it uses up a revision.
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
  /** As large as the refused write. */
  filler: string;
}
