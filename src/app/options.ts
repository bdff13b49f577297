import type { Logger } from 'pino';
import type { Options, Values } from '../config/option.js';
import { SERVER, START } from '../config/server-options.js';
import { STORAGE } from '../config/storage-options.js';
import { WORKER } from '../config/worker-options.js';
import type { Clock, Random } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import type { BackupPlan } from '../core/maintenance.js';
import { nearestName } from '../core/text.js';
import type { CertificateFiles } from '../http/tls.js';
import type { Handlers } from '../worker/handlers.js';
import type { WorkerOptions } from '../worker/options.js';

export interface StorageOptions
  extends Options<Omit<typeof STORAGE, 'database'>>,
    Values<Pick<typeof STORAGE, 'database'>> {
  /** Create the file's folder if missing; default false. */
  createFolder?: boolean;
  clock?: Clock;
  random?: Random;
  logger?: Logger;
  /**
   * Called once when the thread that writes to the file has died: nothing can be written any more, and only a restart
   * of the program helps. Requests are answered 503 from then on. Default: the error is thrown as an uncaught
   * exception, and ends the program.
   */
  onFatal?: (error: Error) => void;
  /** The module of the writer thread; tests replace it to simulate a slow or a full disk. */
  writerThread?: URL;
}

export interface AppOptions extends StorageOptions, Options<typeof SERVER> {
  /** The handlers of the app's own worker; without any it claims nothing. */
  handlers?: Handlers;
  worker?: WorkerOptions;
  /** Scheduled backups while the app is started; default none. */
  backups?: BackupPlan;
  /** With a certificate and its key the server accepts only https. */
  tls?: CertificateFiles;
  /** The folder of the built dashboard, with a slash at its end; tests name one without a build. */
  dashboardFolder?: URL;
}

export type StartOptions = Options<typeof START>;

/** The options of an interface that are not in a table: one that is left out here does not compile. */
type Names<Taken, Table = unknown> = Record<Exclude<keyof Taken, keyof Table>, true>;

const STORAGE_OPTIONS = {
  ...STORAGE,
  ...({
    createFolder: true,
    clock: true,
    random: true,
    logger: true,
    onFatal: true,
    writerThread: true,
  } satisfies Names<StorageOptions, typeof STORAGE>),
};

const WORKER_OPTIONS = {
  ...WORKER,
  ...({ handleCrashes: true } satisfies Names<WorkerOptions, typeof WORKER>),
};

const APP_OPTIONS = {
  ...STORAGE_OPTIONS,
  ...SERVER,
  ...({
    handlers: true,
    worker: true,
    backups: true,
    tls: true,
    dashboardFolder: true,
  } satisfies Names<AppOptions, StorageOptions & typeof SERVER>),
};

const BACKUP_OPTIONS: Names<BackupPlan> = { folder: true, intervalHours: true, keep: true };
const TLS_OPTIONS: Names<CertificateFiles> = { cert: true, key: true };

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws `UserError` if the options are not an object, or one is unknown. `where` is the function that takes them. */
function requireKnown(where: string, options: unknown, names: object): void {
  if (!isObject(options)) throw new UserError(`${where} takes an object of options.`);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, Object.keys(names));
  const advice =
    nearest === undefined
      ? `the options are ${Object.keys(names).join(', ')}.`
      : `did you mean "${nearest}"?`;
  throw new UserError(`${where}: "${unknown}" is not an option; ${advice}`);
}

function requireDatabase(where: string, { database }: { database?: unknown }): void {
  if (typeof database === 'string' && database !== '') return;
  throw new UserError(`${where}: database is missing; name the database file, or ":memory:".`);
}

const requireKnownIfAny = (where: string, options: unknown, names: object): void => {
  if (options !== undefined) requireKnown(where, options, names);
};

/** Each throws `UserError` for an invalid option, rather than ignore it. */
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
    requireKnownIfAny('start', options, START);
  },
};
