import { pathToFileURL } from 'node:url';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { SqliteBackupMaker } from './admin/scheduled-backup.js';
import { type BackgroundService, type Composed, closingOnError, compose } from './app/compose.js';
import { droppedLinesOf, lineStreamOf } from './app/logger.js';
import { type AppOptions, checkOptions, type StartOptions } from './app/options.js';
import { resolveOptions } from './config/option.js';
import { SERVER, START } from './config/server-options.js';
import { type Clock, systemClock } from './core/clock.js';
import { UserError } from './core/errors.js';
import { BACKUP_LIMITS } from './core/maintenance.js';
import { isLoopback } from './core/network.js';
import { IN_MEMORY, packageFile, packageVersion } from './core/paths.js';
import { createHttp, type HttpOptions } from './http/create-http.js';
import { HttpServer } from './http/http-server.js';
import { type Certificate, readCertificate } from './http/tls.js';
import { BackupSchedule } from './maintenance/backup-schedule.js';
import { Queue } from './queue/queue.js';
import { requireGrace, requireRange } from './worker/options.js';
import { resolveWorkerOptions, type Worker } from './worker/worker.js';

/** The composition root: what is put together in `app/`, for commands and for the library. Nothing else builds the objects. */

export * from './admin/file-tools.js';
export type { AppOptions, StartOptions, StorageOptions } from './app/options.js';
export {
  createQueue,
  createWorker,
  type OpenQueue,
  type StandaloneWorker,
  type StandaloneWorkerOptions,
} from './app/standalone.js';

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
   * are let in only when the file has a key, or `allowUnauthenticated` says that everybody may do everything; throws `UserError`.
   */
  start(address?: StartOptions): Promise<string>;
  /**
   * Starts what `start()` does beside listening: the worker when it has handlers, the reaper and the rest. For an app that is mounted
   * in another, or that listens by a server of your own.
   */
  startBackground(): Promise<void>;
  /**
   * Reads certificate and key anew, for the connections to come; null where there is none. Throws `UserError`, and goes
   * on with what it had. Returns until when it is valid.
   */
  reloadCertificate(): Date | null;
  /** Lets requests and running tasks finish for up to `graceSeconds`, then closes everything. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

const dashboardFolder = (): URL => pathToFileURL(packageFile('dist/dashboard/'));

/** A certificate's time is that of the machine, whatever clock the tasks go by. */
const certificateOf = ({ tls }: AppOptions): Certificate | undefined =>
  tls && readCertificate(tls, systemClock.now());

/** Throws `UserError` for a plan of backups that cannot be carried out, before any file is made. */
function checkBackups({ backups, database }: AppOptions): void {
  if (!backups) return;
  requireRange('backups.intervalHours', backups.intervalHours, BACKUP_LIMITS.programIntervalHours);
  requireRange('backups.keep', backups.keep, BACKUP_LIMITS.keep);
  if (database.trim() === IN_MEMORY)
    throw new UserError('A database in memory has no backups: name a file with --database.');
}

/** What makes backups; nothing where none are wanted. */
const backupSchedule = (
  { backups, database }: AppOptions,
  clock: Clock,
  logger: Logger,
): BackgroundService[] =>
  backups
    ? [new BackupSchedule(new SqliteBackupMaker(database, backups), backups.intervalHours, clock, logger)]
    : [];

const refusalToExpose = (host: string): string =>
  `${host} would accept other machines, and there is no key: create one with "npx spoolite keys create --name admin --scopes admin" ` +
  'on the same database, use 127.0.0.1, or add ' +
  '--allow-unauthenticated if anyone who can reach it may do everything.';

async function startAll(services: readonly BackgroundService[], worker: Worker): Promise<void> {
  for (const service of services) service.start();
  if (worker.types.length > 0) await worker.start();
}

/** What the API is told of the options, and of what stands behind it. */
function httpOptionsOf(
  options: AppOptions,
  { storage, logger, clock }: Composed,
  stopping: AbortSignal,
): HttpOptions {
  return {
    repositories: storage.repositories,
    clock,
    logger,
    logLines: lineStreamOf(logger),
    droppedLogLines: () => droppedLinesOf(logger),
    version: packageVersion(),
    readiness: () => storage.check(),
    failure: () => storage.failure,
    examine: () =>
      storage.diagnose(options.backups).catch((error: unknown) => {
        logger.error({ err: error }, 'the database could not be checked');
        throw error;
      }),
    onCommit: (listener) => storage.onCommit(listener),
    random: options.random,
    stopping,
    dashboardFolder: options.dashboardFolder ?? dashboardFolder(),
    settings: resolveOptions(SERVER, options),
  };
}

/** Opens the database and builds the HTTP app on it. Throws `UserError`, and then leaves nothing open. */
export function createApp(options: AppOptions): App {
  checkOptions.app(options);
  checkBackups(options);
  const certificate = certificateOf(options);
  const plan = resolveWorkerOptions(options.handlers ?? {}, options.worker ?? {});
  const composed = compose(options, plan);
  return closingOnError(composed.storage, () => assemble(options, composed, certificate));
}

function assemble(options: AppOptions, composed: Composed, certificate: Certificate | undefined): App {
  const { storage, worker, services, logger, clock } = composed;
  const stopping = new AbortController();
  const httpOptions = httpOptionsOf(options, composed, stopping.signal);
  const http = createHttp(httpOptions);
  const server = new HttpServer(http, {
    certificate,
    most: httpOptions.settings.maxConnections,
    rawTransport: !httpOptions.settings.nodeHttp,
    onError: (error) => logger.error({ err: error }, 'the server could not take a connection'),
  });
  const reloadCertificate = (): Date | null => {
    const renewed = certificateOf(options);
    if (renewed) server.renew(renewed);
    return renewed?.validUntil ?? null;
  };
  services.push(...backupSchedule(options, clock, logger));
  const queue = new Queue(storage, clock);

  const startBackground = () => startAll(services, worker);
  const start = async (given: StartOptions = {}) => {
    checkOptions.start(given);
    const { host, port, allowUnauthenticated } = resolveOptions(START, given);
    if (!isLoopback(host) && !allowUnauthenticated && http.isOpen) throw new UserError(refusalToExpose(host));
    const address = await server.listen(host, port);
    await startBackground();
    return address;
  };
  const stop = async (stopOptions?: { graceSeconds?: number }): Promise<void> => {
    const graceSeconds = stopOptions?.graceSeconds ?? worker.graceSeconds;
    requireGrace(graceSeconds);
    stopping.abort();
    queue.endWaits();
    const closed = server.close(graceSeconds);
    await Promise.all([worker.stop(stopOptions), ...services.map((housekeeper) => housekeeper.stop())]);
    await closed;
    await http.close();
    await storage.close();
  };
  const app = Object.assign(http.app, {
    worker,
    queue,
    start,
    startBackground,
    stop,
    reloadCertificate,
  });
  return Object.defineProperty(app, 'isOpen', { get: () => http.isOpen }) as App;
}
