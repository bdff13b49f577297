import { canonicalJson, type JsonObject, type JsonValue } from './json.js';

/**
 * How a worker is: `live` as long as its heartbeats come; `silent` when they no longer do and it still has tasks, which
 * are taken back when their leases end; `gone` when it has none left.
 */
export const WORKER_STATES = ['live', 'silent', 'gone'] as const;

export type WorkerLiveness = (typeof WORKER_STATES)[number];

export function workerLiveness(live: boolean, heldTasks: number): WorkerLiveness {
  if (live) return 'live';
  return heldTasks > 0 ? 'silent' : 'gone';
}

/** Whether a worker's last heartbeat is neither long ago nor, since the clock was set back, long to come. */
export const isLive = (
  { lastHeartbeat, staleMs }: { lastHeartbeat: number; staleMs: number },
  now: number,
): boolean => Math.abs(now - lastHeartbeat) <= staleMs;

/** Milliseconds that a worker which went without a word stays on the list. */
export const FORGET_WORKERS_AFTER_MS = 24 * 3600 * 1000;

/** The order in which a worker claims due tasks. */
export const STRATEGIES = ['priority', 'fifo', 'lifo', 'weighted_random'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Weight of a task under `weighted_random`. */
export const drawWeight = (priority: number): number => 1 / (priority + 1);

/** A capability, or a requirement, as one text: equal texts are equal values under equal names. */
const requirementText = (name: string, value: JsonValue): string =>
  `${JSON.stringify(name)}:${canonicalJson(value)}`;

/**
 * What a task's compatibility requires of a worker, one text per requirement; all of them must be offered. Null requires
 * nothing, an array each of its elements.
 */
export function requirementsOf(compatibility: JsonObject): string[] {
  return Object.entries(compatibility).flatMap(([name, value]) => {
    if (value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((element) => requirementText(name, element));
  });
}

/**
 * What a worker offers, as the requirements that it meets: each value, and each element of an array. Values are compared
 * as JSON values (`true` is not 1). Made once, it is asked about any number of tasks, at a cost that does not depend on how
 * much is offered.
 */
export class CapabilitySet {
  /** As in {@link requirementsOf}. */
  readonly requirements: ReadonlySet<string>;

  constructor(capabilities: JsonObject) {
    this.requirements = new Set(
      Object.entries(capabilities).flatMap(([name, value]) =>
        [value, ...(Array.isArray(value) ? value : [])].map((offered) => requirementText(name, offered)),
      ),
    );
  }

  /** True when a worker that offers this may run a task of this compatibility. */
  meets(compatibility: JsonObject): boolean {
    return requirementsOf(compatibility).every((requirement) => this.requirements.has(requirement));
  }
}

/**
 * A queued task whose last attempt ended with its worker's death may have caused it. `isApart` where it must not share a
 * worker with another suspect any more: it was there at two deaths, or has but one attempt left.
 */
export interface CrashSuspect {
  id: number;
  isApart: boolean;
}

/** What suspects a worker runs already. */
export interface HeldSuspects {
  any: boolean;
  apart: boolean;
}

/**
 * Which suspects a worker takes, of those whose turn it is. After one death they come back together, so that recovery
 * costs no time; from then on one at a time, so that a task which kills its process fails alone: every other one outlives
 * it that has two attempts or more.
 */
export function chooseSuspects(inTurn: readonly CrashSuspect[], held: HeldSuspects): number[] {
  if (held.apart) return [];
  const [first] = inTurn;
  if (first?.isApart && !held.any) return [first.id];
  return inTurn.filter(({ isApart }) => !isApart).map(({ id }) => id);
}
