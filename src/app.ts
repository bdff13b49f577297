import { pathToFileURL } from 'node:url';
import type { Express } from 'express';
import { type BackgroundService, type Composed, closingOnError, compose } from './app/compose.js';
import { droppedLinesOf, lineStreamOf } from './app/logger.js';
import { type AppOptions, checkOptions, type StartOptions } from './app/options.js';
import { isInMemory } from './config/database.js';
import { resolveOptions } from './config/option.js';
import { SERVER, START } from './config/server-options.js';
import { systemClock } from './core/clock.js';
import { UserError } from './core/errors.js';
import { BACKUP_LIMITS } from './core/maintenance.js';
import { isLoopback } from './core/network.js';
import { packageFile, packageVersion } from './core/paths.js';
import { createHttp, type HttpOptions } from './http/create-http.js';
import { HttpServer } from './http/http-server.js';
import { type Certificate, readCertificate } from './http/tls.js';
import { BackupSchedule } from './maintenance/backup-schedule.js';
import { Queue } from './queue/queue.js';
import { requireGrace, requireRange } from './worker/options.js';
import { resolveWorkerOptions, type Worker } from './worker/worker.js';

/**
 * The composition root, with its parts in `app/`, for commands and for the library: builds storage, server and worker.
 */

export type { AppOptions, StartOptions, StorageOptions } from './app/options.js';
export {
  createQueue,
  createWorker,
  type OpenQueue,
  type StandaloneWorker,
  type StandaloneWorkerOptions,
} from './app/standalone.js';

/** An Express app with everything behind it. Supertest accepts it as it is; `start()` makes it a server. */
export interface App extends Express {
  /** The app's own worker; until `start()` it runs only when stepped with `runOnce()`. */
  worker: Worker;
  /** Whether no key is required, as its file never had one. */
  isOpen(): Promise<boolean>;
  /** The app's queue, for calls without HTTP. */
  queue: Queue;
  /**
   * Listens, and starts the worker if it has handlers. Port 0 picks a free one. Resolves to the address. Listens to
   * other machines only if the file has a key, or with `allowUnauthenticated`; else throws `UserError`.
   */
  start(address?: StartOptions): Promise<string>;
  /**
   * Starts everything that `start()` does besides listening: the worker if it has handlers, the reaper and the rest.
   * For an app that is mounted in another, or that your own server serves.
   */
  startBackground(): Promise<void>;
  /**
   * Reloads certificate and key for new connections; null if there is none. Throws `UserError`, and keeps the previous
   * ones. Returns the end of its validity.
   */
  reloadCertificate(): Date | null;
  /** Lets requests and running tasks finish for up to `graceSeconds`, then closes everything. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

const dashboardFolder = (): URL => pathToFileURL(packageFile('dist/dashboard/'));

/** Certificates are checked by the machine's time, whatever clock the tasks go by. */
const certificateOf = ({ tls }: AppOptions): Certificate | undefined =>
  tls && readCertificate(tls, systemClock.now());

/** Throws `UserError` for a backup plan that cannot be carried out, before any file is created. */
function checkBackups({ backups }: AppOptions): void {
  if (!backups) return;
  requireRange('backups.intervalHours', backups.intervalHours, BACKUP_LIMITS.programIntervalHours);
  requireRange('backups.keep', backups.keep, BACKUP_LIMITS.keep);
}

const refusalToBackUp = (database: string): string =>
  isInMemory(database)
    ? 'A database in memory has no backups: name a file with --database.'
    : 'Backups are copies of a database file, which this database is not: leave out --backup-folder, and back the database ' +
      'up by its own means.';

/** The backup service; none without a plan. Throws `UserError` for a storage that has no backups. */
function backupSchedule({ backups, database }: AppOptions, composed: Composed): BackgroundService[] {
  if (!backups) return [];
  const { storage, clock, logger } = composed;
  if (!storage.file) throw new UserError(refusalToBackUp(database));
  return [new BackupSchedule(storage.file.backups(backups), backups.intervalHours, clock, logger)];
}

const refusalToExpose = (host: string): string =>
  `${host} would accept other machines, and there is no key: create one with "npx spoolite keys create --name admin --scopes admin" ` +
  'on the same database, use 127.0.0.1, or add ' +
  '--allow-unauthenticated if anyone who can reach it may do everything.';

async function startAll(services: readonly BackgroundService[], worker: Worker): Promise<void> {
  for (const service of services) service.start();
  if (worker.types.length > 0) await worker.start();
}

/** The options of the HTTP API. */
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
    diagnose: () =>
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

/** Opens the database and builds the HTTP app on it. Throws `UserError`, leaving nothing open. */
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
  services.push(...backupSchedule(options, composed));
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
  const queue = new Queue(storage, clock);

  const startBackground = () => startAll(services, worker);
  const start = async (given: StartOptions = {}) => {
    checkOptions.start(given);
    const { host, port, allowUnauthenticated } = resolveOptions(START, given);
    if (!isLoopback(host) && !allowUnauthenticated && (await http.isOpen()))
      throw new UserError(refusalToExpose(host));
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
  return Object.assign(http.app, {
    worker,
    queue,
    isOpen: http.isOpen,
    start,
    startBackground,
    stop,
    reloadCertificate,
  });
}
