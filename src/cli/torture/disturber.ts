import type { Random } from '../../domain/random.js';
import type { Child } from './child.js';
import { between, chance, oneOf, weighted } from './draw.js';
import type { Fleet } from './fleet.js';
import { LEASE_SECONDS } from './launch.js';
import { sleep } from './sleep.js';

/** Disturbances per process and second. With the usual six processes: about 140 kills a minute. */
const RATE = 0.63;

const KINDS = { kill: 60, stop: 27, terminate: 13 };

/** Share of kills that may meet a process which is not at work: it is just starting, or stopped. */
const SHARE_IDLE = 0.2;

/** Share of terminations that are followed by a second signal. */
const SHARE_HURRIED = 0.3;

const LEASE_MS = LEASE_SECONDS * 1000;

/** Kills processes, stops and continues them, and tells them to end, at random. */
export class Disturber {
  readonly #fleet: Fleet;
  readonly #random: Random;
  kills = 0;
  stops = 0;
  /** Workers that went on after they had been stopped for longer than their lease. */
  stopsPastLease = 0;
  terminations = 0;

  constructor(fleet: Fleet, random: Random) {
    this.#fleet = fleet;
    this.#random = random;
  }

  async run(calm: AbortSignal): Promise<void> {
    const meanMs = 1000 / (RATE * this.#fleet.children.length);
    // Due times follow each other whatever the clock says, so that a slow machine gets no fewer disturbances.
    for (let dueMs = performance.now(); !calm.aborted; dueMs += between(this.#random, 0, 2 * meanMs)) {
      await sleep(Math.max(0, dueMs - performance.now()), calm);
      if (!calm.aborted) this.#disturb();
    }
    for (const child of this.#fleet.children) child.resume();
  }

  #disturb(): void {
    const kind = weighted(this.#random, KINDS);
    const child = oneOf(this.#random, kind === 'kill' ? this.#killable() : this.#in('ready'));
    if (!child) return;
    if (kind === 'kill') this.#kill(child);
    else if (kind === 'stop') this.#stop(child);
    else this.#terminate(child);
  }

  #in(...states: Child['state'][]): Child[] {
    return this.#fleet.children.filter(({ state }) => states.includes(state));
  }

  #killable(): Child[] {
    const atWork = this.#in('ready', 'ending');
    const anyone = chance(this.#random, SHARE_IDLE) || atWork.length === 0;
    return anyone ? [...atWork, ...this.#in('starting', 'paused')] : atWork;
  }

  #kill(child: Child): void {
    child.kill();
    this.kills += 1;
  }

  #stop(child: Child): void {
    const isWorker = child.launch.kind === 'worker';
    const long = isWorker && chance(this.#random, 0.5);
    const stoppedAt = performance.now();
    this.stops += 1;
    child.pause(
      long ? between(this.#random, LEASE_MS, 1.75 * LEASE_MS) : between(this.#random, 20, LEASE_MS / 2),
      () => {
        if (isWorker && performance.now() - stoppedAt > LEASE_MS) this.stopsPastLease += 1;
      },
    );
  }

  #terminate(child: Child): void {
    child.terminate();
    this.terminations += 1;
    if (!chance(this.#random, SHARE_HURRIED)) return;
    setTimeout(
      () => {
        if (child.state === 'ending') child.terminate();
      },
      between(this.#random, 0, 300),
    );
  }
}
