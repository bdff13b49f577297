import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { Random } from '../domain/random.js';
import { WakeUp } from '../domain/wake-up.js';
import type { ClaimRequest } from '../repositories/lease-repository.js';
import type { Storage } from '../repositories/storage.js';
import { Executor } from './executor.js';
import type { Handlers } from './handler.js';
import { HandlerRegistry } from './handler-registry.js';
import { LostLeaseWatch } from './lost-lease-watch.js';
import { heartbeatMs, type WorkerOptions, type WorkerSettings, workerSettings } from './worker-settings.js';

export interface WorkerSurroundings {
  storage: Storage;
  clock: Clock;
  random: Random;
  logger: Logger;
  version: string;
}

/** Most tasks of one claim, whatever the concurrency: bounds how long one transaction takes. */
const MAX_CLAIM = 200;

/** Claims tasks and runs their handlers, the same whether inside the server, as its own process or in a program. */
export class Worker {
  readonly id: string;
  readonly #around: WorkerSurroundings;
  readonly #settings: WorkerSettings;
  readonly #handlers: HandlerRegistry;
  readonly #wakeUp = new WakeUp();
  readonly #watch: LostLeaseWatch;
  readonly #executor: Executor;
  #ends: (() => void)[] = [];
  #begun: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  /** Throws `StartupError` for options or handlers that cannot work. */
  constructor(handlers: Handlers, options: WorkerOptions, around: WorkerSurroundings) {
    this.#around = around;
    this.#handlers = new HandlerRegistry(handlers, options.timeoutSeconds ?? 3600);
    this.#settings = workerSettings(options, this.#handlers.types);
    this.id = this.#settings.workerId;
    this.#executor = new Executor(this.#handlers, around, () => this.#wakeUp.signal());
    this.#watch = new LostLeaseWatch(around.storage.repositories.leases, this.#executor);
  }

  /** Types this worker claims. */
  get types(): readonly string[] {
    return this.#settings.types;
  }

  /** How long `stop()` waits for running tasks unless told otherwise, in seconds. */
  get graceSeconds(): number {
    return this.#settings.graceSeconds;
  }

  /** Starts claiming; resolves once the worker is registered. */
  async start(): Promise<void> {
    await this.#begin();
    this.#loop ??= this.#claimUntilStopped();
  }

  /** Takes back expired leases, claims once, runs what it got to the end; returns how many tasks that were. */
  async runOnce(): Promise<number> {
    await this.#begin();
    const { leases } = this.#around.storage.repositories;
    await leases.reap();
    const tasks = await leases.claim(this.#claimRequest());
    for (const task of tasks) this.#executor.run(task);
    await this.#executor.settled();
    return tasks.length;
  }

  /**
   * Claims nothing more, waits up to `graceSeconds` for running tasks, and gives the rest back, at no cost in
   * attempts. A second call shortens the first one's wait: `stop({ graceSeconds: 0 })` gives back at once.
   */
  async stop({ graceSeconds = this.#settings.graceSeconds }: { graceSeconds?: number } = {}): Promise<void> {
    if (this.#stopping && graceSeconds === 0) this.#executor.releaseAll();
    this.#stopping ??= this.#drain(graceSeconds);
    await this.#stopping;
  }

  #begin(): Promise<void> {
    this.#begun ??= this.#register();
    return this.#begun;
  }

  async #register(): Promise<void> {
    const { workerId, types, capabilities, concurrency, leaseSeconds } = this.#settings;
    const { repositories, onCommit } = this.#around.storage;
    const identity = { id: workerId, host: hostname(), pid: process.pid, version: this.#around.version };
    const staleMs = leaseSeconds * 1000;
    await repositories.workers.register({ ...identity, types, capabilities, slots: concurrency, staleMs });
    this.#ends = [
      repositories.workers.keepAlive(workerId, heartbeatMs(this.#settings), (lost) =>
        this.#executor.abort(lost),
      ),
      onCommit(() => {
        this.#wakeUp.signal();
        this.#watch.onCommit();
      }),
      () => this.#watch.end(),
    ];
  }

  async #claimUntilStopped(): Promise<void> {
    while (!this.#stopping) {
      const claimed = await this.#claimFree();
      if (claimed === 0 && !this.#stopping) await this.#wakeUp.sleep(await this.#idleMs());
    }
  }

  /** Claims for the free slots; returns how many tasks that gave. */
  async #claimFree(): Promise<number> {
    const { leases } = this.#around.storage.repositories;
    try {
      if (this.#freeSlots() === 0 || !(await leases.hasClaimable(this.#claimRequest()))) return 0;
      const tasks = await leases.claim(this.#claimRequest());
      for (const task of tasks) {
        if (this.#stopping) this.#executor.release(task);
        else this.#executor.run(task);
      }
      return tasks.length;
    } catch (error) {
      this.#around.logger.warn({ err: error, worker: this.id }, 'claiming failed, trying again');
      return 0;
    }
  }

  /** Milliseconds until there may be work although nobody says so. */
  async #idleMs(): Promise<number> {
    const due = await this.#around.storage.repositories.leases.nextDue();
    const pollMs = this.#settings.pollSeconds * 1000;
    if (due === null || this.#freeSlots() === 0) return pollMs;
    return Math.min(Math.max(due - this.#around.clock.now(), 1), pollMs);
  }

  #freeSlots(): number {
    return this.#settings.concurrency - this.#executor.running;
  }

  #claimRequest(): ClaimRequest {
    const { workerId, types, capabilities, strategy, leaseSeconds } = this.#settings;
    return {
      workerId,
      types,
      capabilities,
      strategy,
      leaseMs: leaseSeconds * 1000,
      limit: Math.min(this.#freeSlots(), MAX_CLAIM),
      timeoutMs: this.#handlers.timeouts,
    };
  }

  async #drain(graceSeconds: number): Promise<void> {
    this.#wakeUp.signal();
    const grace = setTimeout(() => this.#executor.releaseAll(), graceSeconds * 1000);
    await this.#loop;
    await this.#executor.settled();
    clearTimeout(grace);
    for (const end of this.#ends) end();
    if (this.#begun) await this.#around.storage.repositories.workers.unregister(this.id);
  }
}
