import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStorage, type SqliteStorageOptions } from '../../src/app/open-sqlite-storage.js';
import type { Retention } from '../../src/core/maintenance.js';
import type { StoredTask } from '../../src/core/task.js';
import {
  type Clock,
  createWorker,
  type Handlers,
  type JsonObject,
  ManualClock,
  systemClock,
  type WorkerOptions,
} from '../../src/index.js';
import { Pruner } from '../../src/maintenance/pruner.js';
import type { RetentionRepository } from '../../src/repositories/retention-repository.js';
import type { Storage } from '../../src/repositories/storage.js';
import { resolveWorkerOptions, Worker } from '../../src/worker/worker.js';
import { onTestEnd, scratchFolder } from './cleanup.js';
import { type Program, startWorker } from './program.js';
import { newTask, type TaskWishes } from './queue-under-test.js';
import { memoryLogger } from './telemetry.js';
import { eventually } from './waiting.js';

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
    const worker = new Worker(resolveWorkerOptions(handlers, { workerId: 'worker-a', ...options }), {
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

const HANDLERS = fileURLToPath(new URL('misbehaving-handlers.js', import.meta.url));

/** A queue whose tasks misbehave in worker processes, see misbehaving-handlers.js. */
export class MoodyQueue extends TestQueue {
  constructor() {
    super({ clock: systemClock });
  }

  #path(name: string): string {
    return join(dirname(this.file), name);
  }

  /** Enqueues a task of that mood, which waits (if it is of that kind) until `release()`. */
  enqueueMood(mood: string, { type = 'misbehave', maxAttempts = 5 } = {}): Promise<number> {
    const payload: JsonObject = { mood, trace: this.#path('trace'), until: this.#path('released') };
    return this.enqueue({ type, payload, maxAttempts });
  }

  release(): void {
    writeFileSync(this.#path('released'), '');
  }

  /** What happened to attempts, in order: `task attempt event`. */
  trace(): string[] {
    const file = this.#path('trace');
    return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
  }

  started(id: number, attempt = 1): Promise<boolean> {
    return eventually(() => this.trace().includes(`${id} ${attempt} started`));
  }

  async reaches(id: number, status: string, deadlineMs?: number) {
    return eventually(async () => {
      const task = await this.find(id);
      return task.status === status && task;
    }, deadlineMs);
  }

  process(...args: string[]): Promise<Program> {
    return startWorker(this.file, ['--handlers', HANDLERS, '--poll-seconds', '3600', ...args]);
  }

  /** Another worker, in this process, which also takes back expired leases. */
  async rescuer(handlers: Handlers, options: WorkerOptions = {}) {
    const worker = createWorker({
      database: this.file,
      workerId: 'rescuer',
      pollSeconds: 3600,
      handlers,
      ...options,
    });
    onTestEnd(() => worker.stop({ graceSeconds: 0 }));
    await worker.start();
    return worker;
  }
}

/** Keeps everything for ever; a test says what it wants deleted. */
export const KEPT: Retention = { completedMs: null, failedMs: null, logsMs: null, auditMs: null, types: {} };

/** A pruner that a test steps. */
export const newPruner = (
  repository: RetentionRepository,
  kept: Partial<Retention>,
  monotonic?: () => number,
): Pruner => new Pruner(repository, { ...KEPT, ...kept }, memoryLogger(), monotonic);

/** Looks until there is nothing more to do at once; resolves to how many looks that took. */
export async function pruneAll(pruner: Pruner): Promise<number> {
  for (let looks = 1; ; looks++) if ((await pruner.tick()) > 1_000) return looks;
}
