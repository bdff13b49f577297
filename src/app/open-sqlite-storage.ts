import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { FileDiagnostics } from '../admin/diagnose.js';
import { removeStaleLinks } from '../admin/replace-file.js';
import { SqliteBackupMaker } from '../admin/scheduled-backup.js';
import { upgradeSqliteFile } from '../admin/upgrade.js';
import type { Clock, Random } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import { packageFile } from '../core/paths.js';
import type { TaskTransition } from '../core/transitions.js';
import { CommitListener } from '../db/sqlite/commit-signal.js';
import { type Connection, type Durability, openForReading, openForWriting } from '../db/sqlite/connection.js';
import { databasePath, IN_MEMORY, makeFolderOf } from '../db/sqlite/database-file.js';
import { replaced } from '../db/sqlite/errors.js';
import { FileGuard, fileIdentity, filesOpenToOthers } from '../db/sqlite/files.js';
import { InlineWriter } from '../db/sqlite/inline-writer.js';
import { migrate } from '../db/sqlite/migrate.js';
import type { SqliteTarget } from '../db/sqlite/run-writer-thread.js';
import { NO_SHARING, type ReadSharing, Snapshot } from '../db/sqlite/snapshot.js';
import { longRunningReaders, uncheckpointedBytes } from '../db/sqlite/wal.js';
import { ThreadWriter } from '../db/writer/thread-writer.js';
import type { EventSink, Writer } from '../db/writer/writer.js';
import { SqliteAuditLogRepository } from '../repositories/sqlite/audit-log-repository.js';
import { SqliteChangeRepository } from '../repositories/sqlite/change-repository.js';
import { SqliteKeyRepository } from '../repositories/sqlite/key-repository.js';
import { SqliteLeaseRepository } from '../repositories/sqlite/lease-repository.js';
import { SqliteLogRepository } from '../repositories/sqlite/log-repository.js';
import { SqliteMetricsRepository } from '../repositories/sqlite/metrics-repository.js';
import { type SqliteOperations, sqliteOperations } from '../repositories/sqlite/operations/index.js';
import { SqliteRetentionRepository } from '../repositories/sqlite/retention-repository.js';
import { SqliteStatsRepository } from '../repositories/sqlite/stats-repository.js';
import { SqliteBulkRepository, SqliteTaskRepository } from '../repositories/sqlite/task-repository.js';
import { SqliteWorkerRepository } from '../repositories/sqlite/worker-repository.js';
import { WriteCheck } from '../repositories/sqlite/write-check.js';
import type { Storage, StorageFile } from '../repositories/storage.js';

export interface SqliteStorageOptions {
  /** Path of the file, or `:memory:`. */
  file: string;
  durability: Durability;
  clock: Clock;
  /** The program's version, for the doctor. */
  version?: string;
  /** Randomness for `weighted_random`; used only by a database in memory. */
  random: Random;
  /** Create the file's folder if missing. */
  createFolder?: boolean;
  /** Called with the name of the copy made before an older file is upgraded; null: upgrade without one. */
  onUpgradeBackup?: ((copy: string) => void) | null | undefined;
  /** Milliseconds that a write waits for another process's lock before STORAGE_BUSY; default 5000. */
  busyMs?: number;
  /** The module of the writer thread; tests replace it to simulate a slow or a full disk. */
  writerThread?: URL | undefined;
  /** Called once when nothing can be written any more, before pending writes fail. */
  onDeath?: ((error: Error) => void) | undefined;
  /** Called with those files that other users of the machine can open, if any. */
  onOpenToOthers?: ((files: readonly string[]) => void) | undefined;
  /** Called with the transitions that this process has committed. */
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
    onTransitions as EventSink | undefined,
  );
  return { reader: connection, snapshot: NO_SHARING, writer, listener };
}

/** Throws if the file was replaced meanwhile: reader and writer would use different files. */
function openReader(file: string, identity: string | null): Connection {
  const reader = openForReading(file);
  // From here on a check for open connections finds this one.
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
  removeStaleLinks(file);
  const reader = openReader(file, identity);
  const snapshot = new Snapshot(reader.client);
  const listener = new CommitListener(file, reader.client);
  const writer = new ThreadWriter<SqliteOperations>({
    entry: writerThread,
    target: { file, durability } satisfies SqliteTarget,
    clock,
    onDeath,
    busyMs,
    eventSink: onTransitions as EventSink | undefined,
  });
  const open = filesOpenToOthers(file);
  if (open.length > 0) onOpenToOthers?.(open);
  return { reader, snapshot, guard: new FileGuard(file), writer, listener };
}

/** The part of the port that only a database file has. */
const storageFile = (file: string, { reader, snapshot }: Opened): StorageFile => ({
  async checkpointStarved(leastBytes) {
    snapshot.end();
    const bytes = uncheckpointedBytes(reader.client);
    if (bytes < leastBytes) return null;
    const readers = await longRunningReaders(file);
    // No readers: only much was written at once, and the next checkpoint catches up.
    return readers?.length === 0 ? null : { bytes, readers };
  },
  backups: (plan) => new SqliteBackupMaker(file, plan),
});

/** Opens the database, upgrades it to this version, and builds the repositories on it. Throws `UserError`. */
export function openSqliteStorage(given: SqliteStorageOptions): Storage {
  const options = { ...given, file: databasePath(given.file) };
  const opened = options.file === IN_MEMORY ? openInMemory(options) : openFile(options);
  const { reader, snapshot, guard, writer, listener } = opened;
  let closed: Promise<void> | undefined;
  const diagnostics = new FileDiagnostics(options, reader);
  const writes = new WriteCheck(options.file, writer);
  const read = reader.client.prepare('select 1 from queue_state');
  const subscribe: typeof listener.subscribe = (listen, notice) => {
    const end = listener.subscribe(listen, notice);
    // Commits from before the watch began are not announced: later reads must see them.
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
      return { database: guard?.problem ?? 'ok', writer: (await writes.problem()) ?? 'ok' };
    },
    ...(options.file !== IN_MEMORY && { file: storageFile(options.file, opened) }),
    diagnose: (backups) => diagnostics.diagnose(backups),
    close() {
      closed ??= (async () => {
        listener.close();
        diagnostics.close();
        await writer.close();
        snapshot.end();
        reader.client.close();
      })();
      return closed;
    },
  };
}
