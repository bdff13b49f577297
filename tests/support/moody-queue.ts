import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createWorker,
  type Handlers,
  type JsonObject,
  systemClock,
  type WorkerOptions,
} from '../../src/index.js';
import { eventually } from './eventually.js';
import { onTestEnd } from './on-test-end.js';
import { type Program, startWorker } from './program.js';
import { TestQueue } from './test-queue.js';

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
