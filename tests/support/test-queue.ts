import { join } from 'node:path';
import type { StoredTask } from '../../src/domain/stored-task.js';
import type { Clock, Handlers, WorkerOptions } from '../../src/index.js';
import { ManualClock } from '../../src/index.js';
import {
  openSqliteStorage,
  type SqliteStorageOptions,
} from '../../src/repositories/sqlite/open-sqlite-storage.js';
import type { Storage } from '../../src/repositories/storage.js';
import { planWorker } from '../../src/worker/plan-worker.js';
import { Worker } from '../../src/worker/worker.js';
import { memoryLogger } from './memory-logger.js';
import { newTask, type TaskWishes } from './new-task.js';
import { onTestEnd } from './on-test-end.js';
import { scratchFolder } from './scratch-folder.js';

/** A queue in a file of its own, with one storage open on it; all is closed when the test ends. */
export class TestQueue {
  readonly file: string;
  readonly logger = memoryLogger();
  readonly storage: Storage;
  readonly #clock: Clock;

  constructor({ clock, ...options }: { clock: Clock } & Partial<SqliteStorageOptions>) {
    this.file = options.file ?? join(scratchFolder(), 'queue.db');
    this.#clock = clock;
    this.storage = this.openStorage(options);
  }

  /** Another storage on the same file, as another process would have. */
  openStorage(options: Partial<SqliteStorageOptions> = {}): Storage {
    const { file } = this;
    const storage = openSqliteStorage({
      file,
      durability: 'normal',
      clock: this.#clock,
      random: () => 0.5,
      ...options,
    });
    onTestEnd(() => storage.close());
    return storage;
  }

  /** A worker on this storage, or on another; stopped when the test ends. */
  worker(handlers: Handlers, options: WorkerOptions = {}, storage = this.storage): Worker {
    const { logger } = this;
    const worker = new Worker(planWorker(handlers, { workerId: 'worker-a', ...options }), {
      storage,
      clock: this.#clock,
      random: () => 0.5,
      logger,
      version: '1.2.3',
    });
    onTestEnd(() => worker.stop({ graceSeconds: 0 }));
    return worker;
  }

  /** Enqueues a task of type `work` unless wished otherwise; resolves to its id. */
  async enqueue(wishes: TaskWishes = {}, storage = this.storage): Promise<number> {
    const { id } = await storage.repositories.tasks.enqueue(newTask({ type: 'work', ...wishes }));
    return id;
  }

  find(id: number): Promise<StoredTask> {
    return this.storage.repositories.tasks.find(id);
  }

  /** `level message` of each log entry of a task, oldest first. */
  async log(taskId: number): Promise<string[]> {
    const entries = (await this.storage.repositories.logs.list({ taskId, limit: 1000 })).entries;
    return entries.map(({ level, message }) => `${level} ${message}`);
  }
}

/** A queue whose time a test moves. */
export function steppedQueue(options: Partial<SqliteStorageOptions> = {}) {
  const clock = new ManualClock();
  return { clock, queue: new TestQueue({ clock, ...options }) };
}
