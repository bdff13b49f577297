import type { Logger } from 'pino';
import type { Clock, Random } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import type { BackupPlan } from '../core/maintenance.js';
import { nearestName } from '../core/text.js';
import type { GuardOptions } from '../http/guard-options.js';
import type { CertificateFiles } from '../http/tls.js';
import type { RetentionOptions } from '../maintenance/retention-options.js';
import type { Handlers } from '../worker/handlers.js';
import type { WorkerOptions } from '../worker/options.js';

export interface StorageOptions extends RetentionOptions {
  /** Path of the database file, or `:memory:`. */
  database: string;
  /** `full` (default) has every acknowledged write on disk; `normal` may lose the last ones in a power cut. */
  durability?: 'full' | 'normal';
  /** Make the file's folder when it is not there; default false. */
  createFolder?: boolean;
  clock?: Clock;
  random?: Random;
  logger?: Logger;
  /**
   * Called once when the thread that writes to the file has died: nothing can be written any more, and only a new start of
   * the program helps. Requests are answered 503 from then on. Default: the error is thrown where nobody can catch it,
   * and ends the program.
   */
  onFatal?: (error: Error) => void;
  /** Bring a file of an older version to this one without copying it before; default false. */
  skipUpgradeBackup?: boolean;
  /** The module that the writer thread runs; a test names one with a slow or a full disk. */
  writerThread?: URL;
}

export interface AppOptions extends StorageOptions, GuardOptions {
  /** What the app's own worker runs; without any it claims nothing. */
  handlers?: Handlers;
  worker?: WorkerOptions;
  /** Largest request body in bytes; default 1 MB. */
  bodyLimit?: number;
  /** Largest body of a batch in bytes; default 8 MB. */
  batchBodyLimit?: number;
  /** Backups that it makes while it is started; none unless given. */
  backups?: BackupPlan;
  /** Keep payloads and results from every key but those with the scope `admin`; default false. */
  hidePayloads?: boolean;
  /**
   * What the sessions of browsers are signed with, 32 characters or more: servers with the same one know each other's. Default:
   * one that nobody knows, and sessions end with the process.
   */
  sessionSecret?: string;
  /** Names that the server answers to without a key, besides `localhost` and addresses. */
  allowedHosts?: readonly string[];
  /** Origins whose pages may use the API, such as `https://example.com`; default none. */
  corsOrigins?: readonly string[];
  /** Connections at once; default 16,384. */
  maxConnections?: number;
  /** Have Node's HTTP server read every request, instead of reading plain ones from the socket; slower. Default false. */
  nodeHttp?: boolean;
  /** With a certificate and its key the server speaks https, and nothing else. */
  tls?: CertificateFiles;
  /** Where the built dashboard lies, with a slash at its end; a test names a folder that has none. */
  dashboardFolder?: URL;
}

export interface StartOptions {
  /** Default 127.0.0.1. */
  host?: string;
  /** Default 8000. */
  port?: number;
  /** Let other machines in although there is no key. */
  allowUnauthenticated?: boolean;
}

/** Every name of an interface: one that is left out here does not compile. */
type Names<Options> = Record<keyof Options, true>;

const RETENTION_OPTIONS: Names<RetentionOptions> = {
  keepCompletedDays: true,
  keepFailedDays: true,
  keepLogDays: true,
  keepAuditDays: true,
  retentionByType: true,
};

const STORAGE_OPTIONS: Names<StorageOptions> = {
  ...RETENTION_OPTIONS,
  database: true,
  durability: true,
  createFolder: true,
  clock: true,
  random: true,
  logger: true,
  onFatal: true,
  skipUpgradeBackup: true,
  writerThread: true,
};

const GUARD_OPTIONS: Names<GuardOptions> = {
  pollsPerMinute: true,
  writesPerMinute: true,
  readsPerMinute: true,
  authFailuresPerMinute: true,
  waitsPerClient: true,
  maxWaits: true,
  trustProxy: true,
};

const WORKER_OPTIONS: Names<WorkerOptions> = {
  workerId: true,
  concurrency: true,
  strategy: true,
  types: true,
  capabilities: true,
  leaseSeconds: true,
  graceSeconds: true,
  pollSeconds: true,
  timeoutSeconds: true,
  handleCrashes: true,
};

const APP_OPTIONS: Names<AppOptions> = {
  ...STORAGE_OPTIONS,
  ...GUARD_OPTIONS,
  handlers: true,
  worker: true,
  bodyLimit: true,
  batchBodyLimit: true,
  backups: true,
  hidePayloads: true,
  sessionSecret: true,
  allowedHosts: true,
  corsOrigins: true,
  maxConnections: true,
  nodeHttp: true,
  tls: true,
  dashboardFolder: true,
};

const START_OPTIONS: Names<StartOptions> = { host: true, port: true, allowUnauthenticated: true };
const BACKUP_OPTIONS: Names<BackupPlan> = { folder: true, intervalHours: true, keep: true };
const TLS_OPTIONS: Names<CertificateFiles> = { cert: true, key: true };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws `UserError` for options that are none, and for one that is not known. `where` is what takes them. */
function requireKnown(where: string, options: unknown, names: Record<string, true>): void {
  if (!isObject(options)) throw new UserError(`${where} takes an object of options.`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, Object.keys(names));
  const advice =
    nearest === undefined ? `there are ${Object.keys(names).join(', ')}.` : `did you mean "${nearest}"?`;
  throw new UserError(`${where}: "${unknown}" is not an option; ${advice}`);
}

function requireDatabase(where: string, { database }: { database?: unknown }): void {
  if (typeof database === 'string' && database !== '') return;
  throw new UserError(`${where}: database is missing; name the database file, or ":memory:".`);
}

const requireKnownIfAny = (where: string, options: unknown, names: Record<string, true>): void => {
  if (options !== undefined) requireKnown(where, options, names);
};

/** Each throws `UserError` and names what is wrong, rather than go on without something that was asked for. */
export const checkOptions = {
  queue(options: StorageOptions): void {
    requireKnown('createQueue', options, STORAGE_OPTIONS);
    requireDatabase('createQueue', options);
  },
  worker(options: StorageOptions & WorkerOptions): void {
    requireKnown('createWorker', options, { ...STORAGE_OPTIONS, ...WORKER_OPTIONS, handlers: true });
    requireDatabase('createWorker', options);
  },
  app(options: AppOptions): void {
    requireKnown('createApp', options, APP_OPTIONS);
    requireDatabase('createApp', options);
    requireKnownIfAny('createApp, worker', options.worker, WORKER_OPTIONS);
    requireKnownIfAny('createApp, backups', options.backups, BACKUP_OPTIONS);
    requireKnownIfAny('createApp, tls', options.tls, TLS_OPTIONS);
  },
  start(options: StartOptions | undefined): void {
    requireKnownIfAny('start', options, START_OPTIONS);
  },
};

/** Those of a program's settings that are a worker's options. */
export const workerOptionsOf = (settings: WorkerOptions): WorkerOptions =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(WORKER_OPTIONS, name)));
