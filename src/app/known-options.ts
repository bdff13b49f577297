import type { BackupPlan } from '../domain/backup-plan.js';
import { nearestName } from '../domain/nearest-name.js';
import { StartupError } from '../domain/startup-error.js';
import type { GuardOptions } from '../http/guard-options.js';
import type { CertificateFiles } from '../http/tls.js';
import type { RetentionOptions } from '../worker/plan-retention.js';
import type { WorkerOptions } from '../worker/worker-settings.js';
import type { AppOptions, StartOptions, StorageOptions } from './options.js';

/** Every name of an interface: one that is left out here does not compile. */
type Names<Options> = Record<keyof Options, true>;

const RETENTION: Names<RetentionOptions> = {
  keepCompletedDays: true,
  keepFailedDays: true,
  keepLogDays: true,
  keepAuditDays: true,
  keepDaysOfTypes: true,
};

const STORAGE: Names<StorageOptions> = {
  ...RETENTION,
  database: true,
  durability: true,
  createFolder: true,
  clock: true,
  random: true,
  logger: true,
  onFatal: true,
  upgradeWithoutBackup: true,
  writerThread: true,
};

const GUARDS: Names<GuardOptions> = {
  pollsPerMinute: true,
  writesPerMinute: true,
  readsPerMinute: true,
  wrongKeysPerMinute: true,
  waitsPerClient: true,
  waitsInAll: true,
  trustProxy: true,
};

const WORKER: Names<WorkerOptions> = {
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

const APP: Names<AppOptions> = {
  ...STORAGE,
  ...GUARDS,
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
  tls: true,
  dashboardFolder: true,
};

const START: Names<StartOptions> = { host: true, port: true, open: true };
const BACKUPS: Names<BackupPlan> = { folder: true, everyHours: true, keep: true };
const TLS: Names<CertificateFiles> = { cert: true, key: true };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws `StartupError` for options that are none, and for one that is not known. `where` is what takes them. */
function requireKnown(where: string, options: unknown, names: Record<string, true>): void {
  if (!isObject(options)) throw new StartupError(`${where} takes an object of options.`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, Object.keys(names));
  const advice =
    nearest === undefined ? `there are ${Object.keys(names).join(', ')}.` : `did you mean "${nearest}"?`;
  throw new StartupError(`${where}: "${unknown}" is not an option; ${advice}`);
}

function requireDatabase(where: string, { database }: { database?: unknown }): void {
  if (typeof database === 'string' && database !== '') return;
  throw new StartupError(`${where}: database is missing; name the database file, or ":memory:".`);
}

const requireKnownIfAny = (where: string, options: unknown, names: Record<string, true>): void => {
  if (options !== undefined) requireKnown(where, options, names);
};

/** Each throws `StartupError` and names what is wrong, rather than go on without something that was asked for. */
export const checkOptions = {
  queue(options: StorageOptions): void {
    requireKnown('createQueue', options, STORAGE);
    requireDatabase('createQueue', options);
  },
  worker(options: StorageOptions & WorkerOptions): void {
    requireKnown('createWorker', options, { ...STORAGE, ...WORKER, handlers: true });
    requireDatabase('createWorker', options);
  },
  app(options: AppOptions): void {
    requireKnown('createApp', options, APP);
    requireDatabase('createApp', options);
    requireKnownIfAny('createApp, worker', options.worker, WORKER);
    requireKnownIfAny('createApp, backups', options.backups, BACKUPS);
    requireKnownIfAny('createApp, tls', options.tls, TLS);
  },
  start(options: StartOptions | undefined): void {
    requireKnownIfAny('start', options, START);
  },
};

/** Those of a program's settings that are a worker's options. */
export const workerOptionsOf = (settings: WorkerOptions): WorkerOptions =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(WORKER, name)));
