import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { type Clock, type Random, startTimer } from '../core/clock.js';
import { UserError } from '../core/errors.js';
import type { ClaimedTask } from '../core/task.js';
import type { Storage } from '../repositories/storage.js';
import type { WorkerRegistration } from '../repositories/worker-repository.js';
import { ClaimLoop } from './claim-loop.js';
import { CrashGuard } from './crash-guard.js';
import { Executor } from './executor.js';
import { HandlerRegistry, type Handlers, namedHandlers } from './handlers.js';
import { HeartbeatWatch, LostLeaseWatch } from './lease-watch.js';
import {
  heartbeatMs,
  requireGrace,
  type WorkerOptions,
  type WorkerSettings,
  workerSettings,
} from './options.js';

export interface WorkerDependencies {
  storage: Storage;
  clock: Clock;
  random: Random;
  logger: Logger;
  version: string;
}

/** Missed heartbeats after which a worker no longer counts as live. */
const MISSED_HEARTBEATS = 3;

/** Claims tasks and runs their handlers, the same inside the server, in a process of its own or in a program. */
export class Worker {
  readonly id: string;
  readonly #deps: WorkerDependencies;
  readonly #settings: WorkerSettings;
  readonly #handlers: HandlerRegistry;
  readonly #watch: LostLeaseWatch;
  readonly #executor: Executor;
  readonly #claims: ClaimLoop;
  readonly #heartbeats: HeartbeatWatch;
  #teardowns: (() => void)[] = [];
  #begun: Promise<void> | undefined;
  #loop: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor({ handlers, settings }: ResolvedWorkerOptions, deps: WorkerDependencies) {
    this.#deps = deps;
    this.#handlers = handlers;
    this.#settings = settings;
    this.id = this.#settings.workerId;
    this.#executor = new Executor(
      this.#handlers,
      { ...deps, handleCrashes: settings.handleCrashes },
      {
        onSlotFree: () => this.#claims.signal(),
        onOverdue: (count) => this.#noteOverdue(count),
      },
    );
    this.#claims = this.#claimLoop();
    this.#heartbeats = new HeartbeatWatch(this.#executor, deps.logger, this.id);
    this.#watch = new LostLeaseWatch(deps.storage.repositories.leases, this.#executor);
  }

  get types(): readonly string[] {
    return this.#settings.types;
  }

  /** Default of `stop()`, in seconds. */
  get graceSeconds(): number {
    return this.#settings.graceSeconds;
  }

  /** Starts claiming; resolves once the worker is registered. A stopped worker cannot be restarted. */
  async start(): Promise<void> {
    if (this.#stopping) return;
    await this.#begin();
    this.#loop ??= this.#claims.run();
  }

  /** Takes back expired leases, claims once, and runs the claimed tasks to their end; returns their number. */
  async runOnce(): Promise<number> {
    if (this.#stopping) return 0;
    await this.#begin();
    await this.#deps.storage.repositories.leases.reap();
    const count = await this.#claims.claim();
    await this.#executor.settled();
    return count;
  }

  /**
   * Stops claiming, waits up to `graceSeconds` for running tasks, and releases the rest, at no cost in attempts;
   * `Infinity` waits for all of them. Throws `TypeError` for an invalid duration. A second call shortens the first
   * one's wait: `stop({ graceSeconds: 0 })` releases at once.
   */
  async stop({ graceSeconds = this.#settings.graceSeconds }: { graceSeconds?: number } = {}): Promise<void> {
    requireGrace(graceSeconds);
    const cancelTimer = startTimer(() => this.#executor.releaseAll(), graceSeconds * 1000);
    this.#stopping ??= this.#drain();
    try {
      await this.#stopping;
    } finally {
      cancelTimer();
    }
  }

  async #begin(): Promise<void> {
    this.#begun ??= this.#register();
    try {
      await this.#begun;
    } catch (error) {
      this.#begun = undefined;
      throw error;
    }
  }

  async #register(): Promise<void> {
    const { types, capabilities, concurrency } = this.#settings;
    const { repositories, onCommit } = this.#deps.storage;
    const registration: WorkerRegistration = {
      ...this.#identity,
      version: this.#deps.version,
      types,
      capabilities,
      slots: concurrency,
      staleMs: MISSED_HEARTBEATS * heartbeatMs(this.#settings),
    };
    await repositories.workers.register(registration);
    this.#teardowns = [
      repositories.workers.keepAlive(registration, heartbeatMs(this.#settings), this.#heartbeats),
      onCommit(() => {
        this.#claims.signal();
        this.#watch.onCommit();
      }),
      () => this.#watch.end(),
      ...(this.#settings.handleCrashes ? [this.#guard().install()] : []),
    ];
  }

  get #identity() {
    return { id: this.id, host: hostname(), pid: process.pid };
  }

  /** A task that arrives while the worker is stopping is released at once. */
  #take(task: ClaimedTask): void {
    if (this.#stopping) this.#executor.release(task);
    else this.#executor.run(task);
  }

  #guard(): CrashGuard {
    const { storage, logger } = this.#deps;
    return new CrashGuard({
      logger,
      abandon: (culprit, error) => {
        const blamed = culprit && { ...culprit.lease, failure: culprit.failureOf(error) };
        storage.repositories.workers.abandon(this.#identity, blamed ?? null);
      },
    });
  }

  #noteOverdue(count: number): void {
    // If the write fails, the next heartbeat repeats it.
    this.#deps.storage.repositories.workers.noteOverdue(this.id, count).catch(() => undefined);
  }

  #claimLoop(): ClaimLoop {
    const { workerId, types, capabilities, strategy, leaseSeconds, pollSeconds, concurrency } =
      this.#settings;
    const { storage, clock, logger } = this.#deps;
    return new ClaimLoop({
      leases: storage.repositories.leases,
      clock,
      logger,
      request: {
        workerId,
        types,
        capabilities,
        strategy,
        leaseMs: leaseSeconds * 1000,
        timeoutMs: this.#handlers.timeouts,
      },
      pollMs: pollSeconds * 1000,
      freeSlots: () => concurrency - this.#executor.running,
      excludedIds: () => this.#executor.lingeringIds,
      take: (task) => this.#take(task),
    });
  }

  async #drain(): Promise<void> {
    this.#heartbeats.isStopping = true;
    this.#claims.end();
    // It may be stopped during its registration.
    const registered = await this.#begun?.then(
      () => true,
      () => false,
    );
    await this.#loop;
    await this.#executor.settled();
    // Handlers whose attempts were over before may still be writing; no caller waits for them.
    this.#executor.releaseAll();
    for (const end of this.#teardowns) end();
    if (registered) await this.#unregister();
  }

  async #unregister(): Promise<void> {
    try {
      await this.#deps.storage.repositories.workers.unregister(this.#identity);
    } catch (error) {
      // Its entry stays on the list, and counts as gone after a lease.
      this.#deps.logger.warn({ err: error, worker: this.id }, 'unregistering the worker failed');
    }
  }
}

/** A worker's validated options, complete with defaults. */
export interface ResolvedWorkerOptions {
  handlers: HandlerRegistry;
  settings: WorkerSettings;
}

/** Validates handlers and options before anything is opened for them. Throws `UserError`. */
export function resolveWorkerOptions(handlers: Handlers, options: WorkerOptions): ResolvedWorkerOptions {
  if (typeof handlers !== 'object' || handlers === null || Array.isArray(handlers))
    throw new UserError('handlers must be an object of handlers by task type.');
  const named = namedHandlers(handlers);
  const settings = workerSettings(options, Object.keys(named));
  return { handlers: new HandlerRegistry(named, settings.timeoutSeconds), settings };
}
