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
  /** Services that run in every server and worker. */
  services: BackgroundService[];
  logger: Logger;
  clock: Clock;
}

/**
 * The parts common to servers and workers: the storage, a worker on it, and the background services. Throws
 * `UserError`.
 */
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
        ...(storage.file ? [new WalMonitor(storage.file, logger)] : []),
      ],
      logger,
      clock,
    };
  });
}

/** Runs by itself from start to stop. */
export interface BackgroundService {
  start(): void;
  stop(): Promise<void>;
}

/** The result of `build`. If it throws, the storage is closed, as there is no owner for it. */
export function closingOnError<T>(storage: Storage, build: () => T): T {
  try {
    return build();
  } catch (error) {
    // Only the first error is reported.
    void storage.close().catch(() => undefined);
    throw error;
  }
}

/** Logs every transition if the logger's level includes it; else there is no listener, and nothing is collected. */
const transitionsTo = (logger: Logger) =>
  logger.isLevelEnabled('debug')
    ? (transitions: readonly TaskTransition[]) => {
        for (const { members, message } of transitions.map(transitionLine)) logger.debug(members, message);
      }
    : undefined;

/** An error without a listener must not pass unnoticed. */
function throwUncaught(error: Error): void {
  process.nextTick(() => {
    throw error;
  });
}

const READABLE_BY_OTHERS =
  'other users of this machine can open the database: they can read payloads and block writes. To prevent this: chmod 600';

/** Opens the storage; the choice of engine is made here. Throws `UserError`. */
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
