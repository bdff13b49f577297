import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Clock, Random } from '../../core/clock.js';
import { UserError } from '../../core/errors.js';
import { IN_MEMORY, packageFile } from '../../core/paths.js';
import type { TaskTransition } from '../../core/transitions.js';
import { CommitListener } from '../../db/sqlite/commit-listener.js';
import {
  type Connection,
  type Durability,
  openForReading,
  openForWriting,
} from '../../db/sqlite/connection.js';
import { removeSecondNames } from '../../db/sqlite/copies/put-aside.js';
import { databasePath } from '../../db/sqlite/database-path.js';
import { fileIdentity } from '../../db/sqlite/file-identity.js';
import { filesOpenToOthers } from '../../db/sqlite/file-mode.js';
import { lastingReaders } from '../../db/sqlite/lasting-readers.js';
import { waitingBytes } from '../../db/sqlite/log-state.js';
import { migrate } from '../../db/sqlite/migrate.js';
import { NO_SHARING, type ReadSharing, Snapshot } from '../../db/sqlite/snapshot.js';
import { replaced } from '../../db/sqlite/startup-refusal.js';
import { makeFolderOf } from '../../db/sqlite/usable-path.js';
import { FileGuard } from '../../db/sqlite/writer/file-guard.js';
import { InlineWriter } from '../../db/sqlite/writer/inline-writer.js';
import { ThreadWriter } from '../../db/sqlite/writer/thread-writer.js';
import type { Observer, Writer } from '../../db/sqlite/writer/writer.js';
import type { Storage } from '../storage.js';
import { Examiner } from './doctor/examiner.js';
import { type SqliteOperations, sqliteOperations } from './operations/index.js';
import { SqliteAuditLogRepository } from './sqlite-audit-log-repository.js';
import { SqliteBulkRepository } from './sqlite-bulk-repository.js';
import { SqliteChangeRepository } from './sqlite-change-repository.js';
import { SqliteKeyRepository } from './sqlite-key-repository.js';
import { SqliteLeaseRepository } from './sqlite-lease-repository.js';
import { SqliteLogRepository } from './sqlite-log-repository.js';
import { SqliteMetricsRepository } from './sqlite-metrics-repository.js';
import { SqliteRetentionRepository } from './sqlite-retention-repository.js';
import { SqliteStatsRepository } from './sqlite-stats-repository.js';
import { SqliteTaskRepository } from './sqlite-task-repository.js';
import { SqliteWorkerRepository } from './sqlite-worker-repository.js';
import { upgradeSqliteFile } from './upgrade-sqlite-file.js';
import { WriteCheck } from './write-check.js';

export interface SqliteStorageOptions {
  /** Path of the file, or `:memory:`. */
  file: string;
  durability: Durability;
  clock: Clock;
  /** The program's version, for an examination. */
  version?: string;
  /** Chance for `weighted_random`; only a database in memory takes another than the system's. */
  random: Random;
  /** Make the file's folder when it is not there. */
  createFolder?: boolean;
  /** Is told the name of the copy that is made before an older file is changed; null has it changed without one. */
  onUpgradeBackup?: ((copy: string) => void) | null | undefined;
  /** Milliseconds that a write waits for another process's lock before STORAGE_BUSY; default 5000. */
  busyMs?: number;
  /** The module that the writer thread runs; a test names one with a slow or a full disk. */
  writerThread?: URL | undefined;
  /** Called once when nothing can be written any more, before those who wait for a write hear of it. */
  onDeath?: ((error: Error) => void) | undefined;
  /** Is told of those of its files that other users of the machine may open, where there are any. */
  onOpenToOthers?: ((files: readonly string[]) => void) | undefined;
  /** Told of the transitions that this process has committed. */
  onTransitions?: ((transitions: readonly TaskTransition[]) => void) | undefined;
}

const WRITER_THREAD = 'dist/repositories/sqlite/writer-thread.js';

interface Opened {
  reader: Connection;
  /** Absent for a database in memory. */
  guard?: FileGuard;
  snapshot: ReadSharing;
  writer: Writer<SqliteOperations>;
  listener: CommitListener;
}

function openInMemory({ clock, random, onTransitions }: SqliteStorageOptions): Opened {
  const connection = openForWriting(IN_MEMORY, 'normal');
  migrate(connection.client);
  const listener = new CommitListener(IN_MEMORY, connection.client);
  const writer = new InlineWriter(
    connection,
    sqliteOperations(random),
    clock,
    () => listener.announce(),
    onTransitions as Observer | undefined,
  );
  return { reader: connection, snapshot: NO_SHARING, writer, listener };
}

/** Of connections that are opened while another file is put in its place, some would be to the one and some to the other. */
function openReader(file: string, identity: string | null): Connection {
  const reader = openForReading(file);
  // From here on nobody can replace it who asks whether it is in use.
  if (identity === null || fileIdentity(file) === identity) return reader;
  reader.client.close();
  throw new UserError(replaced(file));
}

function openFile({
  file,
  durability,
  clock,
  createFolder,
  onUpgradeBackup,
  writerThread = pathToFileURL(packageFile(WRITER_THREAD)),
  busyMs,
  onOpenToOthers,
  onTransitions,
  onDeath = () => undefined,
}: SqliteStorageOptions): Opened {
  if (createFolder) makeFolderOf(file);
  const identity = existsSync(file) ? fileIdentity(file) : null;
  upgradeSqliteFile({ file, durability, onUpgradeBackup });
  removeSecondNames(file);
  const reader = openReader(file, identity);
  const snapshot = new Snapshot(reader.client);
  const listener = new CommitListener(file, reader.client);
  const writer = new ThreadWriter<SqliteOperations>({
    entry: writerThread,
    file,
    durability,
    clock,
    onDeath,
    busyMs,
    observer: onTransitions as Observer | undefined,
  });
  const open = filesOpenToOthers(file);
  if (open.length > 0) onOpenToOthers?.(open);
  return { reader, snapshot, guard: new FileGuard(file), writer, listener };
}

/** Opens the database, brings it to this version, and puts the repositories on it. Throws `StartupError`. */
export function openSqliteStorage(given: SqliteStorageOptions): Storage {
  const options = { ...given, file: databasePath(given.file) };
  const opened = options.file === IN_MEMORY ? openInMemory(options) : openFile(options);
  const { reader, snapshot, guard, writer, listener } = opened;
  let closed: Promise<void> | undefined;
  const examiner = new Examiner(options, reader);
  const writes = new WriteCheck(options.file, writer);
  const read = reader.client.prepare('select 1 from queue_state');
  const subscribe: typeof listener.subscribe = (listen, notice) => {
    const end = listener.subscribe(listen, notice);
    // A commit before the watch began is not announced: what is read from now on must show it.
    snapshot.end();
    return end;
  };
  return {
    repositories: {
      tasks: new SqliteTaskRepository(reader, writer, snapshot, options.clock),
      bulk: new SqliteBulkRepository(reader, writer),
      changes: new SqliteChangeRepository(reader),
      leases: new SqliteLeaseRepository(reader, writer, writes, options.clock),
      logs: new SqliteLogRepository(reader, writer),
      workers: new SqliteWorkerRepository(reader, writer, options.clock),
      stats: new SqliteStatsRepository(reader, options.clock),
      retention: new SqliteRetentionRepository(writer),
      metrics: new SqliteMetricsRepository(options.file, { reader, writer, snapshot, clock: options.clock }),
      keys: new SqliteKeyRepository(reader, writer, subscribe),
      auditLog: new SqliteAuditLogRepository(reader),
    },
    onCommit: (listen) => subscribe(listen),
    get failure() {
      return writer.failure;
    },
    async check() {
      read.get();
      return { database: guard?.problem ?? 'ok', writer: (await writes.trouble()) ?? 'ok' };
    },
    async heldBack(leastBytes) {
      snapshot.end();
      const bytes = waitingBytes(reader.client);
      if (bytes < leastBytes) return null;
      const readers = await lastingReaders(options.file);
      // Nobody: then it is only that much was written at once, and the next checkpoint comes to it.
      return readers?.length === 0 ? null : { bytes, readers };
    },
    examine: (backups) => examiner.examine(backups),
    close() {
      closed ??= (async () => {
        listener.close();
        examiner.close();
        await writer.close();
        snapshot.end();
        reader.client.close();
      })();
      return closed;
    },
  };
}
