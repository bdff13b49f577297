import type { Actor } from '../core/access.js';
import type { Clock } from '../core/clock.js';
import { canonicalJson } from '../core/json.js';
import type { ClaimedTask } from '../core/task.js';
import type { ClaimRequest, LeaseRepository } from '../repositories/lease-repository.js';
import type { BeginWait } from './change-feed.js';
import type { OnCommit } from './change-hub.js';

interface Waiter {
  request: ClaimRequest;
  by: Actor;
  /** Equal for claims that the same tasks can satisfy. */
  kind: string;
  isTrying: boolean;
  isOver: boolean;
  /** Consecutive claims without a task. */
  emptyClaims: number;
  /** Cancels the end of the wait. */
  callOff?: () => void;
  resolve(tasks: ClaimedTask[]): void;
  reject(error: unknown): void;
}

/** Longest sleep between two checks; no wait is longer. */
const MAX_SLEEP_MS = 60_000;

/**
 * Pause before checking again for tasks that were counted but could not be claimed; doubled after each failed attempt.
 */
const MIN_SLEEP_MS = 10;

/** Longest of these pauses: a task may be held back while another one runs. */
const MAX_EMPTY_SLEEP_MS = 1_000;

const kindOf = ({ types, capabilities }: ClaimRequest): string =>
  `${JSON.stringify(types && [...types].sort())}${canonicalJson(capabilities)}`;

const wishedBy = (waiters: readonly Waiter[]): number =>
  waiters.reduce((sum, { request }) => sum + request.limit, 0);

/**
 * Waiting claims, in order of arrival. After each commit one query counts for all of them, and only as many claims run
 * as there is work for: a commit costs the same with one claim waiting or a thousand.
 */
export class ClaimWaitQueue {
  readonly #leases: LeaseRepository;
  readonly #onCommit: OnCommit;
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #stopListening: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #timerEnds = Number.POSITIVE_INFINITY;
  #isLooking = false;
  #lookAgain = false;

  constructor(leases: LeaseRepository, onCommit: OnCommit, clock: Clock) {
    this.#leases = leases;
    this.#onCommit = onCommit;
    this.#clock = clock;
  }

  /** Claims as soon as there is a task, until the wait ends; without `begin`, at once. Empty if there was none. */
  async claim(request: ClaimRequest, by: Actor, begin: BeginWait | null): Promise<ClaimedTask[]> {
    if (begin === null)
      return (await this.#leases.hasClaimable(request)) ? this.#leases.claim(request, by) : [];
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        request,
        by,
        kind: kindOf(request),
        isTrying: false,
        isOver: false,
        emptyClaims: 0,
        resolve,
        reject,
      };
      this.#begin(waiter, begin).catch(reject);
    });
  }

  async #begin(waiter: Waiter, begin: BeginWait): Promise<void> {
    waiter.callOff = await begin(() => this.#end(waiter));
    if (!waiter.isOver) this.#join(waiter);
  }

  #join(waiter: Waiter): void {
    this.#waiters.add(waiter);
    this.#stopListening ??= this.#onCommit(() => void this.#look());
    void this.#look();
  }

  /** A claim already running still gets its tasks. */
  #end(waiter: Waiter): void {
    waiter.isOver = true;
    if (!waiter.isTrying) this.#leave(waiter, () => waiter.resolve([]));
  }

  #leave(waiter: Waiter, settle: () => void): void {
    this.#waiters.delete(waiter);
    waiter.callOff?.();
    settle();
    if (this.#waiters.size > 0) return;
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
      // A running claim may have got tasks: it settles by itself.
      for (const waiter of [...this.#waiters])
        if (!waiter.isTrying) this.#leave(waiter, () => waiter.reject(error));
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
    for (const [at, waiters] of kinds.entries()) {
      let left = counts[at] ?? 0;
      for (const waiter of waiters) {
        if (left <= 0) break;
        // Its client disconnected during the query.
        if (waiter.isOver) continue;
        left -= waiter.request.limit;
        void this.#try(waiter);
      }
    }
    const due = await this.#leases.nextDue();
    if (due !== null) this.#lookIn(due - this.#clock.now());
  }

  #idleByKind(): Map<string, Waiter[]> {
    const kinds = new Map<string, Waiter[]>();
    for (const waiter of this.#waiters) {
      if (waiter.isTrying) continue;
      const waiters = kinds.get(waiter.kind);
      if (waiters) waiters.push(waiter);
      else kinds.set(waiter.kind, [waiter]);
    }
    return kinds;
  }

  async #try(waiter: Waiter): Promise<void> {
    if (waiter.isOver) return;
    waiter.isTrying = true;
    try {
      const tasks = await this.#leases.claim(waiter.request, waiter.by);
      waiter.isTrying = false;
      if (tasks.length > 0 || waiter.isOver) this.#leave(waiter, () => waiter.resolve(tasks));
      else this.#lookIn(Math.min(MIN_SLEEP_MS * 2 ** waiter.emptyClaims++, MAX_EMPTY_SLEEP_MS));
    } catch (error) {
      this.#leave(waiter, () => waiter.reject(error));
    }
  }

  /** Ensures a check within this time. */
  #lookIn(milliseconds: number): void {
    const sleep = Math.min(Math.max(milliseconds, MIN_SLEEP_MS), MAX_SLEEP_MS);
    const ends = performance.now() + sleep;
    if (ends >= this.#timerEnds || this.#waiters.size === 0) return;
    clearTimeout(this.#timer);
    this.#timerEnds = ends;
    this.#timer = setTimeout(() => void this.#look(), sleep);
  }

  #sleepNoMore(): void {
    clearTimeout(this.#timer);
    this.#timerEnds = Number.POSITIVE_INFINITY;
  }
}
