import type { Express } from 'express';
import type { Logger } from 'pino';
import { type Clock, systemClock } from '../domain/clock.js';
import { IN_MEMORY } from '../domain/in-memory.js';
import { isLoopback } from '../domain/loopback.js';
import { StartupError } from '../domain/startup-error.js';
import { CONNECTION_LIMITS } from '../http/connection-limits.js';
import { createHttp } from '../http/create-http.js';
import { guardsOf } from '../http/guard-options.js';
import { HttpServer } from '../http/http-server.js';
import { type Certificate, readCertificate } from '../http/tls/read-certificate.js';
import { droppedLinesOf, lineStreamOf } from '../logger.js';
import { Queue } from '../queue/queue.js';
import { SqliteBackupMaker } from '../repositories/sqlite/copies/sqlite-backup-maker.js';
import { VERSION } from '../version.js';
import { BackupSchedule } from '../worker/backup-schedule.js';
import { planWorker } from '../worker/plan-worker.js';
import type { Worker } from '../worker/worker.js';
import { compose } from './compose.js';
import type { Housekeeper } from './housekeeper.js';
import type { AppOptions, StartOptions } from './options.js';

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
  /**
   * Reads certificate and key anew, for the connections to come; null where there is none. Throws `StartupError`, and goes
   * on with what it had. Returns until when it is valid.
   */
  reloadCertificate(): Date | null;
  /** Lets requests and running tasks finish for up to `graceSeconds`, then closes everything. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

/** The build puts the page beside the folder of this file. */
const DASHBOARD_FOLDER = new URL('../dashboard/', import.meta.url);

/** A certificate's time is that of the machine, whatever clock the tasks go by. */
const certificateOf = ({ tls }: AppOptions): Certificate | undefined =>
  tls && readCertificate(tls, systemClock.now());

/** What makes backups; nothing where none are wanted. Throws `StartupError`. */
function backupSchedule({ backups, database }: AppOptions, clock: Clock, logger: Logger): Housekeeper[] {
  if (!backups) return [];
  if (database === IN_MEMORY)
    throw new StartupError('A database in memory has no backups: name a file with --database.');
  return [new BackupSchedule(new SqliteBackupMaker(database, backups), backups.everyHours, clock, logger)];
}

const wouldLetIn = (host: string): string =>
  `${host} would let other machines in, and there is no key: make one with "npx spoolite keys create --name admin --scopes admin" ` +
  'on the same database, use 127.0.0.1, or add ' +
  '--open if everybody who can reach it may do everything.';

/** Opens the database and builds the HTTP app on it. Throws `StartupError`. */
export function createApp(options: AppOptions): App {
  const certificate = certificateOf(options);
  const plan = planWorker(options.handlers ?? {}, options.worker ?? {});
  const { storage, worker, housekeepers, logger, clock } = compose(options, plan);
  const stopping = new AbortController();
  const http = createHttp({
    repositories: storage.repositories,
    clock,
    logger,
    logLines: lineStreamOf(logger),
    droppedLogLines: () => droppedLinesOf(logger),
    version: VERSION,
    limits: {
      bodyBytes: options.bodyLimit ?? 1024 * 1024,
      batchBodyBytes: options.batchBodyLimit ?? 8 * 1024 * 1024,
    },
    readiness: () => storage.check(),
    failure: () => storage.failure,
    examine: () =>
      storage.examine(options.backups).catch((error: unknown) => {
        logger.error({ err: error }, 'the database could not be examined');
        throw error;
      }),
    onCommit: (listener) => storage.onCommit(listener),
    random: options.random,
    stopping: stopping.signal,
    dashboardFolder: options.dashboardFolder ?? DASHBOARD_FOLDER,
    guards: guardsOf(options),
    sessionSecret: options.sessionSecret,
    access: {
      hidePayloads: options.hidePayloads ?? false,
      allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
      corsOrigins: options.corsOrigins ?? [],
    },
  });
  const server = new HttpServer(http, {
    certificate,
    most: options.maxConnections ?? CONNECTION_LIMITS.most,
  });
  const reloadCertificate = (): Date | null => {
    const renewed = certificateOf(options);
    if (renewed) server.renew(renewed);
    return renewed?.validUntil ?? null;
  };
  housekeepers.push(...backupSchedule(options, clock, logger));
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
  const app = Object.assign(http.app, { worker, queue, start, stop, reloadCertificate });
  return Object.defineProperty(app, 'isOpen', { get: () => http.isOpen }) as App;
}
