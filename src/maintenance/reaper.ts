import type { Logger } from 'pino';
import { type Clock, type Monotonic, systemMonotonic } from '../core/clock.js';
import { MAX_HEARTBEAT_MS } from '../core/limits.js';
import type { LeaseRepository } from '../repositories/lease-repository.js';

/** Longest sleep between two checks: an expired lease is taken back within two seconds. */
const MAX_SLEEP_MS = 1_000;
const MIN_SLEEP_MS = 20;

/** A smaller difference between the clocks is an adjustment, not a jump. */
const JUMP_MS = 2_000;

/**
 * Pause in taking back leases after a write that had to wait, as heartbeats will have waited beside it: they are stored
 * within this time.
 */
const PAUSE_MS = MAX_HEARTBEAT_MS + 1_000;

/** A write that takes longer had to wait for another program, and so had the heartbeats of live workers. */
const SLOW_MS = 1_000;

/**
 * Takes back expired leases in every server and worker; looks at one index entry at a time. A lease counts as expired
 * only if its worker could have renewed it. So after an outage (the storage refused a write, here or in another
 * process, or the clock jumped forward) each lease gets its whole length again, in elapsed time: a live worker renews
 * within the length of its lease, however it paces its heartbeats.
 */
export class Reaper {
  readonly #leases: LeaseRepository;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #monotonic: Monotonic;
  readonly #jumpDetector: ClockJumpDetector;
  /** Leases may end later than they should: the clock may have been set back while no reaper ran. */
  #mustRebase = true;
  #pausedUntil = 0;
  /** End of the last known outage, by the monotonic clock. */
  #outageEnded = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  #stopped = false;

  constructor(leases: LeaseRepository, clock: Clock, logger: Logger, monotonic = systemMonotonic) {
    this.#leases = leases;
    this.#clock = clock;
    this.#logger = logger;
    this.#monotonic = monotonic;
    this.#jumpDetector = new ClockJumpDetector(clock, monotonic);
  }

  /** Checks repeatedly, until `stop()`. */
  start(): void {
    this.#ticking = this.#tickAndSleep();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#ticking;
  }

  /** Takes back expired leases; resolves to the milliseconds until the next check is worthwhile. */
  async tick(): Promise<number> {
    try {
      if (await this.#leases.writesRefused()) this.#noteOutage();
      await this.#noticeJumps();
      const pausedMs = this.#pausedUntil - this.#monotonic();
      return clampSleep(pausedMs > 0 ? pausedMs : await this.#reapExpired());
    } catch (error) {
      // The failed write has kept workers from renewing as well.
      this.#logger.warn({ err: error }, 'expiring leases failed, retrying');
      this.#noteOutage();
      return MAX_SLEEP_MS;
    }
  }

  /** The outage lasts at least until now. */
  #noteOutage(): void {
    this.#outageEnded = this.#monotonic();
  }

  async #tickAndSleep(): Promise<void> {
    const sleepMs = await this.tick();
    if (!this.#stopped) this.#timer = setTimeout(() => this.start(), sleepMs).unref();
  }

  async #noticeJumps(): Promise<void> {
    const jumpMs = this.#jumpDetector.jumpMs();
    if (jumpMs > JUMP_MS) this.#noteOutage();
    if (jumpMs < -JUMP_MS) this.#mustRebase = true;
    if (Math.abs(jumpMs) > JUMP_MS) this.#logger.warn({ jumpMs }, 'the clock jumped');
    if (!this.#mustRebase) return;
    const count = await this.#pauseAfterSlow(this.#leases.rebaseLeases());
    if (count > 0) this.#logger.warn({ count }, 'shortened leases that were too long after a clock jump');
    this.#mustRebase = false;
  }

  /** Resolves to the milliseconds until the next lease ends. */
  async #reapExpired(): Promise<number> {
    const expiry = await this.#leases.nextExpiry();
    if (expiry === null) return MAX_SLEEP_MS;
    const leftMs = expiry - this.#clock.now();
    if (leftMs > 0) return leftMs;
    const longestMs = this.#monotonic() - this.#outageEnded;
    const count = await this.#pauseAfterSlow(this.#leases.reap(longestMs));
    if (count === 0) return MAX_SLEEP_MS;
    this.#logger.warn({ count }, 'took back expired leases; their tasks are queued again or failed');
    return MIN_SLEEP_MS;
  }

  async #pauseAfterSlow<T>(write: Promise<T>): Promise<T> {
    const start = this.#monotonic();
    const result = await write;
    const end = this.#monotonic();
    if (end - start > SLOW_MS) this.#pausedUntil = end + PAUSE_MS;
    return result;
  }
}

const clampSleep = (milliseconds: number): number =>
  Math.min(Math.max(milliseconds, MIN_SLEEP_MS), MAX_SLEEP_MS);

/** Detects changes of the wall clock by comparing it with the monotonic one. */
export class ClockJumpDetector {
  readonly #clock: Clock;
  readonly #monotonic: Monotonic;
  #difference: number;

  constructor(clock: Clock, monotonic: Monotonic) {
    this.#clock = clock;
    this.#monotonic = monotonic;
    this.#difference = clock.now() - monotonic();
  }

  /** Milliseconds by which the wall clock was set since the last call: forward, or back when negative. */
  jumpMs(): number {
    const difference = this.#clock.now() - this.#monotonic();
    const jump = difference - this.#difference;
    this.#difference = difference;
    return jump;
  }
}
