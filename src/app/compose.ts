import type { Logger } from 'pino';
import { resolveOptions } from '../config/option.js';
import { STORAGE } from '../config/storage-options.js';
import { type Clock, systemClock, systemRandom } from '../core/clock.js';
import { packageVersion } from '../core/paths.js';
import { type TaskTransition, transitionLine } from '../core/transitions.js';
import { Pruner } from '../maintenance/pruner.js';
import { Reaper } from '../maintenance/reaper.js';
import { resolveRetention } from '../maintenance/retention-options.js';
import { WalMonitor } from '../maintenance/wal-monitor.js';
import type { Storage } from '../repositories/storage.js';
import { type ResolvedWorkerOptions, Worker } from '../worker/worker.js';
import { silentLogger } from './logger.js';
import { openSqliteStorage } from './open-sqlite-storage.js';
import type { StorageOptions } from './options.js';

export interface Composed {
  storage: Storage;
  worker: Worker;
  /** What runs wherever a server or a worker does. */
  services: BackgroundService[];
  logger: Logger;
  clock: Clock;
}

/** What servers and workers have in common: the storage, a worker on it, and what keeps house. Throws `UserError`. */
export function compose(options: StorageOptions, plan: ResolvedWorkerOptions): Composed {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const kept = resolveRetention(options);
  const storage = openStorage(options);
  return closingOnError(storage, () => {
    const worker = new Worker(plan, { storage, clock, random, logger, version: packageVersion() });
    const { leases, retention } = storage.repositories;
    return {
      storage,
      worker,
      services: [
        new Reaper(leases, clock, logger),
        new Pruner(retention, kept, logger),
        new WalMonitor(storage, logger),
      ],
      logger,
      clock,
    };
  });
}

/** What goes on by itself from start to stop. */
export interface BackgroundService {
  start(): void;
  stop(): Promise<void>;
}

/** What `build` makes of the storage. Where it throws, nobody gets the storage, so it is closed. */
export function closingOnError<T>(storage: Storage, build: () => T): T {
  try {
    return build();
  } catch (error) {
    // The first error is the one to report.
    void storage.close().catch(() => undefined);
    throw error;
  }
}

/** Has a line written for every transition where the logger wants such; else nobody is told, and nothing is gathered. */
const transitionsTo = (logger: Logger) =>
  logger.isLevelEnabled('debug')
    ? (transitions: readonly TaskTransition[]) => {
        for (const { members, message } of transitions.map(transitionLine)) logger.debug(members, message);
      }
    : undefined;

/** An error that nobody has asked to hear of must not pass unnoticed. */
function throwUncaught(error: Error): void {
  process.nextTick(() => {
    throw error;
  });
}

const READABLE_BY_OTHERS =
  'other users of this machine can open the database: they can read payloads and block writes. To prevent this: chmod 600';

/** The storage that the options name: which engine it is, is decided here. Throws `UserError`. */
export function openStorage({ database, ...options }: StorageOptions): Storage {
  const { clock = systemClock, random = systemRandom, logger = silentLogger } = options;
  const { createFolder = false, writerThread } = options;
  const { durability, skipUpgradeBackup } = resolveOptions(STORAGE, options);
  const { onFatal: onDeath = throwUncaught } = options;
  const onUpgradeBackup = skipUpgradeBackup
    ? null
    : (copy: string) => logger.info({ copy }, 'backed up the database before upgrading it');
  const onOpenToOthers = (files: readonly string[]) => logger.warn({ files }, READABLE_BY_OTHERS);
  const file = {
    file: database,
    durability,
    createFolder,
    onUpgradeBackup,
    onOpenToOthers,
    version: packageVersion(),
  };
  return openSqliteStorage({
    ...file,
    clock,
    random,
    writerThread,
    onDeath,
    onTransitions: transitionsTo(logger),
  });
}
