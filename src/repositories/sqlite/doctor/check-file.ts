import { statSync } from 'node:fs';
import { ok, warning } from '../../../core/finding.js';
import { formatBytes } from '../../../core/text.js';
import { lastingReadersSync } from '../../../db/sqlite/lasting-readers.js';
import { waitingBytes } from '../../../db/sqlite/log-state.js';
import { migrationsOf } from '../../../db/sqlite/migrate.js';
import { type Check, pragmaNumber, someOf } from './check.js';

const MEGABYTE = 1_000_000;
const LARGE_LOG_BYTES = 50 * MEGABYTE;
const MANY_FREE_BYTES = 10 * MEGABYTE;
const MANY_FREE_SHARE = 0.25;
const INCREMENTAL = 2;

export const checkVersions: Check = ({ connection: { client }, version }) => {
  const sqlite = client.prepare('select sqlite_version()').pluck().get();
  const { applied, all } = migrationsOf(client);
  const text = `Spoolite ${version}, SQLite ${sqlite}, Node.js ${process.versions.node}, schema ${applied} of ${all}`;
  if (applied === all) return ok('versions', text);
  return warning(
    'versions',
    text,
    'a server or worker of this version brings the file up to date when it starts',
  );
};

const ENDING_IT = 'end it, or what it does; spoolite doctor --fix empties the log when nobody reads';

export const checkLog: Check = ({ file, connection }) => {
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const text = `${formatBytes(bytes)} in the write-ahead log`;
  // A log that was large stays so until it is written from its beginning again.
  if (bytes <= LARGE_LOG_BYTES || waitingBytes(connection.client) <= LARGE_LOG_BYTES) return ok('log', text);
  const readers = lastingReadersSync(file);
  if (readers?.length)
    return warning('log', `${text}, held back by ${someOf(readers)}, which reads without an end`, ENDING_IT);
  return warning(
    'log',
    text,
    'some program may read for long without an end: look for one with the file open. spoolite doctor --fix empties the log when nobody reads',
  );
};

/** Bytes of the file that hold nothing. */
export const freeBytes = (connection: Parameters<typeof pragmaNumber>[0]): number =>
  pragmaNumber(connection, 'freelist_count') * pragmaNumber(connection, 'page_size');

export const checkFreePages: Check = ({ connection }) => {
  const free = freeBytes(connection);
  const all = pragmaNumber(connection, 'page_count') * pragmaNumber(connection, 'page_size');
  const text = `${formatBytes(free)} of ${formatBytes(all)} are free`;
  if (free <= MANY_FREE_BYTES || free < all * MANY_FREE_SHARE) return ok('space', text);
  return warning('space', text, 'it is used again; spoolite doctor --fix gives it back to the disk');
};

export const checkPragmas: Check = ({ connection }) => {
  const journal = String(connection.client.pragma('journal_mode', { simple: true }));
  const text = `journal ${journal}, page size ${pragmaNumber(connection, 'page_size')}`;
  if (pragmaNumber(connection, 'auto_vacuum') !== INCREMENTAL) {
    return warning(
      'pragmas',
      `${text}, without auto_vacuum: free space is used again, but never given back to the disk`,
      'nothing has to be done while the disk has room',
    );
  }
  if (journal === 'wal' || journal === 'memory') return ok('pragmas', text);
  return ok('pragmas', `${text}: a start switches to wal`);
};
