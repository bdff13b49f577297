import type { Logger } from 'pino';
import { systemClock } from '../domain/clock.js';
import { packageVersion } from '../domain/package-files.js';
import { systemRandom } from '../domain/random.js';
import type { TaskTransition } from '../domain/task-transition.js';
import { transitionLine } from '../domain/transition-line.js';
import { silentLogger } from '../logger.js';
import { openSqliteStorage } from '../repositories/sqlite/open-sqlite-storage.js';
import type { Storage } from '../repositories/storage.js';
import type { StorageOptions } from './options.js';

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

const OPEN_TO_OTHERS =
  'other users of this machine may open the database: they can read payloads and hold up writes. To keep them out: chmod 600';

/** The storage that the options name: which engine it is, is decided here. Throws `StartupError`. */
export function openStorage({ database, ...options }: StorageOptions): Storage {
  const { clock = systemClock, random = systemRandom, durability = 'full' } = options;
  const { createFolder = false, writerThread, logger = silentLogger, upgradeWithoutBackup } = options;
  const { onFatal: onDeath = throwUncaught } = options;
  const onUpgradeBackup = upgradeWithoutBackup
    ? null
    : (copy: string) => logger.info({ copy }, 'copied the database before bringing it to this version');
  const onOpenToOthers = (files: readonly string[]) => logger.warn({ files }, OPEN_TO_OTHERS);
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
