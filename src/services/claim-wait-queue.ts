import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { Actor } from '../core/access.js';
import type { Clock } from '../core/clock.js';
import { canonicalJson } from '../core/json.js';
import type { ClaimedTask } from '../core/task.js';
import type { ClaimRequest, LeaseRepository } from '../repositories/lease-repository.js';
import type { OnCommit } from './change-hub.js';
import type { LongPollRegistry } from './long-polls.js';

/** Somebody who waits for work. */
interface Waiter {
  request: ClaimRequest;
  by: Actor;
  /** Equal where the same tasks are possible. */
  kind: string;
  isTrying: boolean;
  isOver: boolean;
  /** Claims in a row that gave nothing. */
  vain: number;
  /** Calls off the end of the wait. */
  callOff?: () => void;
  resolve(tasks: ClaimedTask[]): void;
  reject(error: unknown): void;
}

/** Longest sleep between two looks; no wait is longer. */
const MAX_SLEEP_MS = 60_000;

/** Pause before looking again for what was there but could not be had; twice as long after each vain look. */
const MIN_SLEEP_MS = 10;

/** Longest of these: what cannot be had may stay so for as long as another task runs. */
const MAX_VAIN_SLEEP_MS = 1_000;

const kindOf = ({ types, capabilities }: ClaimRequest): string =>
  `${JSON.stringify(types && [...types].sort())}${canonicalJson(capabilities)}`;

const wishedBy = (places: readonly Waiter[]): number =>
  places.reduce((sum, { request }) => sum + request.limit, 0);

/**
 * Those who wait for work, in the order in which they came. After each commit one look is taken for all of them, and
 * only as many are sent to claim as there is work for: a commit costs the same whether one waits or a thousand.
 */
export class ClaimWaitQueue {
  readonly #leases: LeaseRepository;
  readonly #onCommit: OnCommit;
  readonly #clock: Clock;
  readonly #waits: LongPollRegistry;
  readonly #places = new Set<Waiter>();
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerEnds = Number.POSITIVE_INFINITY;
  #isLooking = false;
  #lookAgain = false;

  constructor(leases: LeaseRepository, onCommit: OnCommit, clock: Clock, waits: LongPollRegistry) {
    this.#leases = leases;
    this.#onCommit = onCommit;
    this.#clock = clock;
    this.#waits = waits;
  }

  /** Claims as soon as there is something, within the seconds; empty when there was nothing. */
  async claim(request: ClaimRequest, seconds: number, res: HttpResponse): Promise<ClaimedTask[]> {
    const by = actorOf(res);
    if (seconds === 0)
      return (await this.#leases.hasClaimable(request)) ? this.#leases.claim(request, by) : [];
    return new Promise((resolve, reject) => {
      const place: Waiter = {
        request,
        by,
        kind: kindOf(request),
        isTrying: false,
        isOver: false,
        vain: 0,
        resolve,
        reject,
      };
      this.#begin(place, seconds, res).catch(reject);
    });
  }

  async #begin(place: Waiter, seconds: number, res: HttpResponse): Promise<void> {
    place.callOff = await this.#waits.begin(res, seconds, () => this.#end(place));
    if (!place.isOver) this.#join(place);
  }

  #join(place: Waiter): void {
    this.#places.add(place);
    this.#stopListening ??= this.#onCommit(() => void this.#look());
    void this.#look();
  }

  /** Whoever is about to get something gets it still. */
  #end(place: Waiter): void {
    place.isOver = true;
    if (!place.isTrying) this.#leave(place, () => place.resolve([]));
  }

  #leave(place: Waiter, settle: () => void): void {
    this.#places.delete(place);
    place.callOff?.();
    settle();
    if (this.#places.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#sleepNoMore();
  }

  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      while (this.#lookAgain) {
        this.#lookAgain = false;
        await this.#sendToClaim();
      }
    } catch (error) {
      // A claim under way may have got something: it says itself how it went.
      for (const place of [...this.#places])
        if (!place.isTrying) this.#leave(place, () => place.reject(error));
    } finally {
      this.#isLooking = false;
    }
  }

  async #sendToClaim(): Promise<void> {
    this.#sleepNoMore();
    const kinds = [...this.#idleByKind().values()];
    if (kinds.length === 0) return;
    const claimers = kinds.map(([first]) => (first as Waiter).request);
    const counts = await this.#leases.countClaimable(claimers, Math.max(...kinds.map(wishedBy)));
    for (const [at, places] of kinds.entries()) {
      let left = counts[at] ?? 0;
      for (const place of places) {
        if (left <= 0) break;
        // Its client has gone during the look.
        if (place.isOver) continue;
        left -= place.request.limit;
        void this.#try(place);
      }
    }
    const due = await this.#leases.nextDue();
    if (due !== null) this.#lookIn(due - this.#clock.now());
  }

  #idleByKind(): Map<string, Waiter[]> {
    const kinds = new Map<string, Waiter[]>();
    for (const place of this.#places) {
      if (place.isTrying) continue;
      const places = kinds.get(place.kind);
      if (places) places.push(place);
      else kinds.set(place.kind, [place]);
    }
    return kinds;
  }

  async #try(place: Waiter): Promise<void> {
    if (place.isOver) return;
    place.isTrying = true;
    try {
      const tasks = await this.#leases.claim(place.request, place.by);
      place.isTrying = false;
      if (tasks.length > 0 || place.isOver) this.#leave(place, () => place.resolve(tasks));
      else this.#lookIn(Math.min(MIN_SLEEP_MS * 2 ** place.vain++, MAX_VAIN_SLEEP_MS));
    } catch (error) {
      this.#leave(place, () => place.reject(error));
    }
  }

  /** Sees to it that there is a look within so many milliseconds. */
  #lookIn(milliseconds: number): void {
    const sleep = Math.min(Math.max(milliseconds, MIN_SLEEP_MS), MAX_SLEEP_MS);
    const ends = performance.now() + sleep;
    if (ends >= this.#timerEnds || this.#places.size === 0) return;
    clearTimeout(this.#timer);
    this.#timerEnds = ends;
    this.#timer = setTimeout(() => void this.#look(), sleep);
  }

  #sleepNoMore(): void {
    clearTimeout(this.#timer);
    this.#timerEnds = Number.POSITIVE_INFINITY;
  }
}
