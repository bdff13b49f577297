import type { Express } from 'express';
import type { Logger } from 'pino';
import type { AnyTasks, TaskTypes } from './client/task-types.js';
import { type Clock, systemClock } from './domain/clock.js';
import type { Finding } from './domain/finding.js';
import { isLoopback } from './domain/loopback.js';
import { type Random, systemRandom } from './domain/random.js';
import { StartupError } from './domain/startup-error.js';
import { createHttp } from './http/create-http.js';
import { HttpServer } from './http/http-server.js';
import { lineStreamOf, silentLogger } from './logger.js';
import { Queue } from './queue/queue.js';
import type { KeyAdministration } from './repositories/key-administration.js';
import type { Retention } from './repositories/retention-repository.js';
import { administerSqliteKeys } from './repositories/sqlite/administer-sqlite-keys.js';
import { examineSqliteFile } from './repositories/sqlite/doctor/examine-sqlite-file.js';
import { repairSqliteFile } from './repositories/sqlite/doctor/repair-sqlite-file.js';
import { openSqliteStorage } from './repositories/sqlite/open-sqlite-storage.js';
import type { Storage } from './repositories/storage.js';
import { VERSION } from './version.js';
import type { Handlers } from './worker/handler.js';
import { planWorker, type WorkerPlan } from './worker/plan-worker.js';
import { Pruner } from './worker/pruner.js';
import { Reaper } from './worker/reaper.js';
import { Worker } from './worker/worker.js';
import type { WorkerOptions } from './worker/worker-settings.js';

export type { Audit, Miscount, TaskHistory } from './repositories/audit.js';
export type { KeyAdministration } from './repositories/key-administration.js';
/** For whoever examines a database file: its state and its counters; every task with its log. Both only read. */
export { auditSqliteFile as auditDatabase } from './repositories/sqlite/audit-sqlite-file.js';
export { readSqliteHistories as readHistories } from './repositories/sqlite/read-sqlite-histories.js';

/** Looks at everything about a database file that can go wrong, and changes nothing. Throws `StartupError`. */
export const examineDatabase = (file: string): Finding[] =>
  examineSqliteFile(file, { now: systemClock.now(), version: VERSION });

/** The keys of a database file; `create` makes one that is not there. Throws `StartupError`. */
export const administerKeys = (
  file: string,
  { create = false, createFolder = false }: { create?: boolean; createFolder?: boolean } = {},
): KeyAdministration => administerSqliteKeys(file, { clock: systemClock, create, createFolder });

/** Mends what can be mended without risk; says what it did. Throws `StartupError`. */
export const repairDatabase = (file: string): string[] => repairSqliteFile(file, systemClock, VERSION);

export interface StorageOptions {
  /** Path of the database file, or `:memory:`. */
  database: string;
  /** `full` (default) has every acknowledged write on disk; `normal` may lose the last ones in a power cut. */
  durability?: 'full' | 'normal';
  /** Make the file's folder when it is not there; default false. */
  createFolder?: boolean;
  clock?: Clock;
  random?: Random;
  logger?: Logger;
  /** Days a completed task is kept; null is for ever; default 7. */
  keepCompletedDays?: number | null;
  /** Days a failed task is kept; null is for ever; default 30. */
  keepFailedDays?: number | null;
  /** The module that the writer thread runs; a test names one with a slow or a full disk. */
  writerThread?: URL;
}

export interface AppOptions extends StorageOptions {
  /** What the app's own worker runs; without any it claims nothing. */
  handlers?: Handlers;
  worker?: WorkerOptions;
  /** Largest request body in bytes; default 1 MB. */
  bodyLimit?: number;
  /** Largest body of a batch in bytes; default 8 MB. */
  batchBodyLimit?: number;
  /** Keep payloads and results from every key but those with the scope `admin`; default false. */
  hidePayloads?: boolean;
  /** Names that the server answers to without a key, besides `localhost` and addresses. */
  allowedHosts?: readonly string[];
  /** Origins whose pages may use the API, such as `https://example.com`; default none. */
  corsOrigins?: readonly string[];
  /** Where the built dashboard lies, with a slash at its end; a test names a folder that has none. */
  dashboardFolder?: URL;
}

export interface StartOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 8000. */
  port?: number;
  /** Let other machines in although there is no key. */
  open?: boolean;
}

/** An Express app with everything behind it. Supertest takes it as it is; `start()` makes it a server. */
export interface App extends Express {
  /** The app's own worker; until `start()` it runs only when stepped with `runOnce()`. */
  worker: Worker;
  /** Whether everybody may come in who reaches it, as its file never had a key. */
  readonly isOpen: boolean;
  /** The app's queue, for calls without HTTP. */
  queue: Queue;
  /**
   * Listens, and starts the worker when it has handlers. Port 0 picks a free one. Resolves to the address. Other machines
   * are let in only when the file has a key, or `open` says that everybody may do everything; throws `StartupError`.
   */
  start(address?: StartOptions): Promise<string>;
  /** Lets requests and running tasks finish for up to `graceSeconds`, then closes everything. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

export interface StandaloneWorkerOptions extends StorageOptions, WorkerOptions {
  handlers: Handlers;
}

/** A worker with its own connection to the file. */
export interface StandaloneWorker {
  readonly id: string;
  start(): Promise<void>;
  /** Waits up to `graceSeconds` for running tasks, gives the rest back, and closes the file. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
  /** Claims once and runs what it got to the end; returns how many tasks that were. */
  runOnce(): Promise<number>;
}

/** A queue with its own connection to the file. */
export interface OpenQueue<Tasks extends TaskTypes<Tasks> = AnyTasks> extends Queue<Tasks> {
  /** Ends every wait, commits what was asked for, and closes the file. */
  close(): Promise<void>;
}

interface Composed {
  storage: Storage;
  worker: Worker;
  /** What runs wherever a server or a worker does. */
  housekeepers: (Reaper | Pruner)[];
  logger: Logger;
  clock: Clock;
}

const DAY_MS = 86_400_000;

/** The build puts the page beside this file. */
const DASHBOARD_FOLDER = new URL('dashboard/', import.meta.url);

const retentionOf = ({ keepCompletedDays = 7, keepFailedDays = 30 }: StorageOptions): Retention => ({
  completedMs: keepCompletedDays === null ? null : keepCompletedDays * DAY_MS,
  failedMs: keepFailedDays === null ? null : keepFailedDays * DAY_MS,
});

function openStorage({ database, ...options }: StorageOptions): Storage {
  const { clock = systemClock, random = systemRandom, durability = 'full' } = options;
  const { createFolder = false, writerThread } = options;
  return openSqliteStorage({ file: database, durability, clock, random, createFolder, writerThread });
}

function compose(options: StorageOptions, plan: WorkerPlan): Composed {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const storage = openStorage(options);
  const worker = new Worker(plan, { storage, clock, random, logger, version: VERSION });
  const { leases, retention } = storage.repositories;
  return {
    storage,
    worker,
    housekeepers: [new Reaper(leases, clock, logger), new Pruner(retention, retentionOf(options), logger)],
    logger,
    clock,
  };
}

const wouldLetIn = (host: string): string =>
  `${host} would let other machines in, and there is no key: make one with "spoolite keys create", use 127.0.0.1, or add ` +
  '--open if everybody who can reach it may do everything.';

/** Opens the database and builds the HTTP app on it. Throws `StartupError`. */
export function createApp(options: AppOptions): App {
  const plan = planWorker(options.handlers ?? {}, options.worker ?? {});
  const { storage, worker, housekeepers, logger, clock } = compose(options, plan);
  const stopping = new AbortController();
  const http = createHttp({
    repositories: storage.repositories,
    clock,
    logger,
    logLines: lineStreamOf(logger),
    version: VERSION,
    limits: {
      bodyBytes: options.bodyLimit ?? 1024 * 1024,
      batchBodyBytes: options.batchBodyLimit ?? 8 * 1024 * 1024,
    },
    readiness: () => storage.check(),
    onCommit: (listener) => storage.onCommit(listener),
    random: options.random,
    stopping: stopping.signal,
    dashboardFolder: options.dashboardFolder ?? DASHBOARD_FOLDER,
    access: {
      hidePayloads: options.hidePayloads ?? false,
      allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
      corsOrigins: options.corsOrigins ?? [],
    },
  });
  const server = new HttpServer(http);
  const queue = new Queue(storage, clock);

  const start = async ({ host = '127.0.0.1', port = 8000, open = false }: StartOptions = {}) => {
    if (!isLoopback(host) && !open && http.isOpen) throw new StartupError(wouldLetIn(host));
    const address = await server.listen(host, port);
    for (const housekeeper of housekeepers) housekeeper.start();
    if (worker.types.length > 0) await worker.start();
    return address;
  };
  const stop = async (stopOptions?: { graceSeconds?: number }): Promise<void> => {
    stopping.abort();
    queue.endWaits();
    const closed = server.close(stopOptions?.graceSeconds ?? worker.graceSeconds);
    await Promise.all([worker.stop(stopOptions), ...housekeepers.map((housekeeper) => housekeeper.stop())]);
    await closed;
    await http.close();
    await storage.close();
  };
  const app = Object.assign(http.app, { worker, queue, start, stop });
  return Object.defineProperty(app, 'isOpen', { get: () => http.isOpen }) as App;
}

/** A worker for the handlers, on the database file. Throws `StartupError`. */
export function createWorker({ handlers, ...options }: StandaloneWorkerOptions): StandaloneWorker {
  const plan = planWorker(handlers, options);
  if (plan.handlers.types.length === 0)
    throw new StartupError('handlers must name at least one type: this worker would never claim a task.');
  const { storage, worker, housekeepers } = compose(options, plan);
  return {
    id: worker.id,
    runOnce: () => worker.runOnce(),
    async start() {
      for (const housekeeper of housekeepers) housekeeper.start();
      await worker.start();
    },
    async stop(stopOptions) {
      await Promise.all([worker.stop(stopOptions), ...housekeepers.map((housekeeper) => housekeeper.stop())]);
      await storage.close();
    },
  };
}

/**
 * The queue on the database file, for a program on the same machine: what `createClient` offers, without a server. Tell it
 * the program's types of tasks: `createQueue<Tasks>({ database })`. Throws `StartupError`.
 */
export function createQueue<Tasks extends TaskTypes<Tasks> = AnyTasks>(
  options: StorageOptions,
): OpenQueue<Tasks> {
  const storage = openStorage(options);
  const queue = new Queue<Tasks>(storage, options.clock ?? systemClock);
  const close = () => {
    queue.endWaits();
    return storage.close();
  };
  return Object.assign(queue, { close });
}
