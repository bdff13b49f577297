import type { Logger } from 'pino';
import type { BackupPlan } from '../domain/backup-plan.js';
import type { Clock } from '../domain/clock.js';
import type { Random } from '../domain/random.js';
import type { GuardOptions } from '../http/guard-options.js';
import type { CertificateFiles } from '../http/tls.js';
import type { Handlers } from '../worker/handler.js';
import type { RetentionOptions } from '../worker/plan-retention.js';
import type { WorkerOptions } from '../worker/worker-settings.js';

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
  upgradeWithoutBackup?: boolean;
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
  open?: boolean;
}
