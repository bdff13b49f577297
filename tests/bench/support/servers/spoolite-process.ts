import { setEnvironmentData } from 'node:worker_threads';
import { type App, createApp } from '../../../../src/app.js';
import type { BackupPlan } from '../../../../src/domain/backup-plan.js';
import { createLogger } from '../../../../src/logger.js';
import { exposeToParent } from '../processes/child-functions.js';
import { usage } from '../processes/usage.js';
import { DISK, type Disk } from './disk.js';

export interface ServerOptions {
  database: string;
  durability?: 'full' | 'normal';
  keepCompletedDays?: number;
  backups?: BackupPlan;
  disk?: Disk;
}

let app: App;

/** `spoolite serve` with its defaults, logging every request. */
const functions = {
  start({ disk, ...options }: ServerOptions): Promise<string> {
    if (disk) setEnvironmentData(DISK, disk as never);
    app = createApp({
      ...options,
      logger: createLogger({ logLevel: 'info', logFormat: 'json' }),
      ...(disk && { writerThread: new URL('./writer-thread.js', import.meta.url) }),
    });
    return app.start({ port: 0 });
  },
  stop: (): Promise<void> => app.stop(),
  usage,
};
export type ServerFunctions = typeof functions;

exposeToParent(functions);
