import { setEnvironmentData } from 'node:worker_threads';
import { administerKeys } from '../../../../src/admin/file-tools.js';
import { createLogger } from '../../../../src/app/logger.js';
import { type App, type AppOptions, createApp } from '../../../../src/app.js';
import type { BackupPlan } from '../../../../src/core/maintenance.js';
import { exposeToParent, usage } from '../processes/child-functions.js';
import { DISK, type Disk } from './disk.js';

/** What a server is guarded by, where a figure wants it. */
type Guards = Pick<AppOptions, 'pollsPerMinute' | 'readsPerMinute' | 'writesPerMinute' | 'nodeHttp'>;

export interface ServerOptions extends Guards {
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
  /** Has the server ask for a key from now on; returns one that is good for everything. */
  async addKey(database: string): Promise<string> {
    const keys = administerKeys(database);
    try {
      const key = { name: 'bench', scopes: ['admin' as const], expiresAt: null };
      return await keys.create(key, { name: 'cli:bench', address: null, requestId: null });
    } finally {
      await keys.close();
    }
  },
  stop: (): Promise<void> => app.stop(),
  usage,
};
export type ServerFunctions = typeof functions;

exposeToParent(functions);
