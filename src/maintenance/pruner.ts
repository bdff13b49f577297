import type { Logger } from 'pino';
import { type Monotonic, systemMonotonic } from '../core/clock.js';
import { type FinishedStatus, type LiveStatus, type Retention, retentionRules } from '../core/maintenance.js';
import type { RetentionRepository, SweepCursor, SweepStep } from '../repositories/retention-repository.js';

/** Milliseconds between two rounds while there is more to do, and when there is not. */
const BUSY_PAUSE_MS = 10;
const IDLE_PAUSE_MS = 60_000;

/** Deletes what retention no longer keeps, and frees the space, in steps too small to delay other work. */
export class Pruner {
  readonly #steps: readonly PruningStep[];
  readonly #logger: Logger;
  /** The steps of the last round that have more to do; the others wait for these. */
  #busy: readonly PruningStep[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pruning: Promise<void> | undefined;
  #stopped = false;

  constructor(
    repository: RetentionRepository,
    retention: Retention,
    logger: Logger,
    monotonic = systemMonotonic,
  ) {
    this.#steps = pruningSteps(repository, retention, monotonic);
    this.#logger = logger;
  }

  start(): void {
    this.#pruning = this.#pruneAndSleep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#pruning;
  }

  /** Runs one step of each pending kind; resolves to the milliseconds until the next call is worthwhile. */
  async tick(): Promise<number> {
    const wasBusy = this.#busy.length > 0;
    const steps = wasBusy ? this.#busy : this.#steps;
    this.#busy = [];
    const busy: PruningStep[] = [];
    try {
      for (const step of steps) {
        if (this.#stopped) break;
        if (await step()) busy.push(step);
      }
    } catch (error) {
      this.#logger.warn({ err: error }, 'pruning failed, retrying');
      return IDLE_PAUSE_MS;
    }
    this.#busy = busy;
    // Deletions have freed space, which another whole round returns to the disk.
    return busy.length > 0 || wasBusy ? BUSY_PAUSE_MS : IDLE_PAUSE_MS;
  }

  async #pruneAndSleep(): Promise<void> {
    const pauseMs = await this.tick();
    if (!this.#stopped) this.#timer = setTimeout(() => this.start(), pauseMs).unref();
  }
}

/** Tasks looked at, or entries deleted, in one transaction: a few milliseconds, too short to delay other work. */
const BATCH = 100;

const FINISHED: FinishedStatus[] = ['completed', 'failed'];
const LIVE: LiveStatus[] = ['queued', 'processing'];

/** One small step; resolves to whether another one is worthwhile at once. */
export type PruningStep = () => Promise<boolean>;

function sweepsOf(repository: RetentionRepository, retention: Retention): StepFrom[] {
  const limit = BATCH;
  const ofTasks = FINISHED.flatMap((status) =>
    retentionRules(retention, `${status}Ms` as const).map(
      (rule): StepFrom =>
        (after) =>
          repository.pruneTasks({ status, rule, after, limit }),
    ),
  );
  const ofLogs = retentionRules(retention, 'logsMs').flatMap((rule): StepFrom[] => [
    ...FINISHED.map(
      (status): StepFrom =>
        (after) =>
          repository.pruneLogsOfFinished({ status, rule, after, limit }),
    ),
    ...LIVE.map(
      (status): StepFrom =>
        (after) =>
          repository.pruneLogsOfLive({ status, rule, after, limit }),
    ),
  ]);
  return [...ofTasks, ...ofLogs];
}

/** The repeated steps that enforce retention. */
export function pruningSteps(
  repository: RetentionRepository,
  retention: Retention,
  monotonic: Monotonic,
): PruningStep[] {
  const { auditMs } = retention;
  const sweeps = sweepsOf(repository, retention).map((stepFrom) => new RetentionSweep(stepFrom, monotonic));
  return [
    ...sweeps.map((sweep) => () => sweep.step()),
    async () => auditMs !== null && (await repository.pruneAudit(auditMs, BATCH)) === BATCH,
    async () => {
      await repository.pruneCounts();
      return false;
    },
    () => repository.upkeep(),
  ];
}

/** Before every position of a sweep. */
const START: SweepCursor = { at: -1, id: 0 };

/**
 * Milliseconds after which a sweep restarts, for tasks it may have missed: imported with an old end, or ended while the
 * clock was set back.
 */
const RESTART_AFTER_MS = 86_400_000;

/** One step from a cursor. */
export type StepFrom = (after: SweepCursor) => Promise<SweepStep>;

/** Goes over tasks in small steps and keeps its position, so that kept tasks cost one look a day. */
export class RetentionSweep {
  readonly #stepFrom: StepFrom;
  readonly #monotonic: Monotonic;
  #cursor = START;
  #startedAt: number;

  constructor(stepFrom: StepFrom, monotonic: Monotonic) {
    this.#stepFrom = stepFrom;
    this.#monotonic = monotonic;
    this.#startedAt = monotonic();
  }

  /** Resolves to whether the next step is worthwhile at once. */
  async step(): Promise<boolean> {
    const { cursor, isEnd } = await this.#stepFrom(this.#cursor);
    this.#cursor = cursor;
    if (isEnd && this.#monotonic() - this.#startedAt >= RESTART_AFTER_MS) {
      this.#cursor = START;
      this.#startedAt = this.#monotonic();
    }
    return !isEnd;
  }
}
