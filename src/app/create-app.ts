import { pathToFileURL } from 'node:url';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { BACKUP_LIMITS } from '../domain/backup-plan.js';
import { type Clock, systemClock } from '../domain/clock.js';
import { IN_MEMORY } from '../domain/in-memory.js';
import { isLoopback } from '../domain/loopback.js';
import { packageFile, packageVersion } from '../domain/package-files.js';
import { StartupError } from '../domain/startup-error.js';
import { CONNECTION_LIMITS } from '../http/connection-limits.js';
import { createHttp, type HttpOptions } from '../http/create-http.js';
import { guardsOf } from '../http/guard-options.js';
import { HttpServer } from '../http/http-server.js';
import { type Certificate, readCertificate } from '../http/tls/read-certificate.js';
import { droppedLinesOf, lineStreamOf } from '../logger.js';
import { Queue } from '../queue/queue.js';
import { SqliteBackupMaker } from '../repositories/sqlite/copies/sqlite-backup-maker.js';
import { BackupSchedule } from '../worker/backup-schedule.js';
import { planWorker } from '../worker/plan-worker.js';
import { requireGrace, requireRange } from '../worker/require-range.js';
import type { Worker } from '../worker/worker.js';
import { closingOnError } from './closing-on-error.js';
import { type Composed, compose } from './compose.js';
import type { Housekeeper } from './housekeeper.js';
import { checkOptions } from './known-options.js';
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
   * Starts what `start()` does beside listening: the worker when it has handlers, the reaper and the rest. For an app that is mounted
   * in another, or that listens by a server of your own.
   */
  startBackground(): Promise<void>;
  /**
   * Reloads certificate and key for new connections. Returns when the certificate expires; null without one. Throws
   * `StartupError`, and keeps the previous one.
   */
  reloadCertificate(): Date | null;
  /** Lets requests and running tasks finish for up to `graceSeconds`, then closes everything. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

const dashboardFolder = (): URL => pathToFileURL(packageFile('dist/dashboard/'));

/** A certificate's time is that of the machine, whatever clock the tasks go by. */
const certificateOf = ({ tls }: AppOptions): Certificate | undefined =>
  tls && readCertificate(tls, systemClock.now());

/** Throws `StartupError` for a plan of backups that cannot be carried out, before any file is made. */
function checkBackups({ backups, database }: AppOptions): void {
  if (!backups) return;
  requireRange('backups.everyHours', backups.everyHours, BACKUP_LIMITS.programEveryHours);
  requireRange('backups.keep', backups.keep, BACKUP_LIMITS.keep);
  if (database.trim() === IN_MEMORY)
    throw new StartupError('A database in memory has no backups: name a file with --database.');
}

/** What makes backups; nothing where none are wanted. */
const backupSchedule = ({ backups, database }: AppOptions, clock: Clock, logger: Logger): Housekeeper[] =>
  backups
    ? [new BackupSchedule(new SqliteBackupMaker(database, backups), backups.everyHours, clock, logger)]
    : [];

const wouldLetIn = (host: string): string =>
  `${host} would let other machines in, and there is no key: make one with "npx spoolite keys create --name admin --scopes admin" ` +
  'on the same database, use 127.0.0.1, or add ' +
  '--open if everybody who can reach it may do everything.';

async function startAll(housekeepers: readonly Housekeeper[], worker: Worker): Promise<void> {
  for (const housekeeper of housekeepers) housekeeper.start();
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
    stopping,
    dashboardFolder: options.dashboardFolder ?? dashboardFolder(),
    guards: guardsOf(options),
    sessionSecret: options.sessionSecret,
    access: {
      hidePayloads: options.hidePayloads ?? false,
      allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
      corsOrigins: options.corsOrigins ?? [],
    },
  };
}

/** Opens the database and builds the HTTP app on it. Throws `StartupError`, and then leaves nothing open. */
export function createApp(options: AppOptions): App {
  checkOptions.app(options);
  checkBackups(options);
  const certificate = certificateOf(options);
  const plan = planWorker(options.handlers ?? {}, options.worker ?? {});
  const composed = compose(options, plan);
  return closingOnError(composed.storage, () => assemble(options, composed, certificate));
}

function assemble(options: AppOptions, composed: Composed, certificate: Certificate | undefined): App {
  const { storage, worker, housekeepers, logger, clock } = composed;
  const stopping = new AbortController();
  const http = createHttp(httpOptionsOf(options, composed, stopping.signal));
  const server = new HttpServer(http, {
    certificate,
    most: options.maxConnections ?? CONNECTION_LIMITS.most,
    onError: (error) => logger.error({ err: error }, 'the server could not take a connection'),
  });
  const reloadCertificate = (): Date | null => {
    const renewed = certificateOf(options);
    if (renewed) server.renew(renewed);
    return renewed?.validUntil ?? null;
  };
  housekeepers.push(...backupSchedule(options, clock, logger));
  const queue = new Queue(storage, clock);

  const startBackground = () => startAll(housekeepers, worker);
  const start = async (given: StartOptions = {}) => {
    checkOptions.start(given);
    const { host = '127.0.0.1', port = 8000, open = false } = given;
    if (!isLoopback(host) && !open && http.isOpen) throw new StartupError(wouldLetIn(host));
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
    await Promise.all([worker.stop(stopOptions), ...housekeepers.map((housekeeper) => housekeeper.stop())]);
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
