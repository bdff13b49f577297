import type { Random } from '../core/clock.js';
import { sleep } from './api.js';
import type { Child, Fleet } from './fleet.js';
import { between, chance, oneOf } from './random.js';
import { LEASE_SECONDS } from './setup.js';

/** Kills per process and second; with the usual six processes nearly 120 a minute. */
const KILL_RATE = 0.33;

/** Pauses and terminations per process and second. */
const HALT_RATE = 0.25;

const SHARE_STOPS = 0.7;

/** Share of kills that may hit a process that is starting or paused. */
const SHARE_IDLE = 0.2;

/** Share of terminations that are followed by a second signal. */
const SHARE_HURRIED = 0.3;

const LEASE_MS = LEASE_SECONDS * 1000;

const LOOK_AGAIN_MS = 20;

/** Kills, pauses, resumes and terminates processes at random. */
export class FaultInjector {
  readonly #fleet: Fleet;
  /** Target and time of kills. */
  readonly #killing: Random;
  /** Target and time of all other faults; separate, so that neither depends on when the other draws. */
  readonly #halting: Random;
  kills = 0;
  stops = 0;
  /** Workers that were resumed after a pause longer than their lease. */
  stopsPastLease = 0;
  terminations = 0;

  constructor(fleet: Fleet, killing: Random, halting: Random) {
    this.#fleet = fleet;
    this.#killing = killing;
    this.#halting = halting;
  }

  async run(calm: AbortSignal): Promise<void> {
    await Promise.all([
      this.#repeat(KILL_RATE, this.#killing, calm, () => this.#kill()),
      this.#repeat(HALT_RATE, this.#halting, calm, () => this.#halt(calm)),
    ]);
    for (const child of this.#fleet.children) child.resume();
  }

  async #repeat(rate: number, random: Random, calm: AbortSignal, act: () => unknown): Promise<void> {
    const meanMs = 1000 / (rate * this.#fleet.children.length);
    // Due times are absolute, so that a slow machine gets no fewer faults.
    for (let dueMs = performance.now(); ; ) {
      dueMs += between(random, 0.5 * meanMs, 1.5 * meanMs);
      await sleep(Math.max(0, dueMs - performance.now()), calm);
      if (calm.aborted) return;
      await act();
    }
  }

  #in(...states: Child['state'][]): Child[] {
    return this.#fleet.children.filter(({ state }) => states.includes(state));
  }

  #kill(): void {
    const atWork = this.#in('ready', 'ending');
    const anyState = chance(this.#killing, SHARE_IDLE) || atWork.length === 0;
    const child = oneOf(this.#killing, anyState ? [...atWork, ...this.#in('starting', 'paused')] : atWork);
    if (!child) return;
    child.kill();
    this.kills += 1;
  }

  /** Pauses or terminates a process, as soon as one is ready. */
  async #halt(calm: AbortSignal): Promise<void> {
    while (this.#in('ready').length === 0 && !calm.aborted) await sleep(LOOK_AGAIN_MS, calm);
    const child = oneOf(this.#halting, this.#in('ready'));
    if (!child || calm.aborted) return;
    if (chance(this.#halting, SHARE_STOPS)) this.#stop(child);
    else this.#terminate(child);
  }

  #stop(child: Child): void {
    const isWorker = child.launch.kind === 'worker';
    const long = isWorker && chance(this.#halting, 0.5);
    const stoppedAt = performance.now();
    this.stops += 1;
    child.pause(
      long ? between(this.#halting, LEASE_MS, 1.75 * LEASE_MS) : between(this.#halting, 20, LEASE_MS / 2),
      () => {
        if (isWorker && performance.now() - stoppedAt > LEASE_MS) this.stopsPastLease += 1;
      },
    );
  }

  #terminate(child: Child): void {
    child.terminate();
    this.terminations += 1;
    if (!chance(this.#halting, SHARE_HURRIED)) return;
    setTimeout(
      () => {
        if (child.state === 'ending') child.terminate();
      },
      between(this.#halting, 0, 300),
    );
  }
}
