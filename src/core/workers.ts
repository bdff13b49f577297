import { canonicalJson, type JsonObject, type JsonValue } from './json.js';

/**
 * `live` while a worker's heartbeats arrive; `silent` when they have stopped and it still holds tasks, which are taken
 * back when their leases end; `gone` when it holds none.
 */
export const WORKER_STATES = ['live', 'silent', 'gone'] as const;

export type WorkerLiveness = (typeof WORKER_STATES)[number];

export function workerLiveness(live: boolean, heldTasks: number): WorkerLiveness {
  if (live) return 'live';
  return heldTasks > 0 ? 'silent' : 'gone';
}

/** Whether a worker's last heartbeat is neither long ago nor, after the clock was set back, far in the future. */
export const isLive = (
  { lastHeartbeat, staleMs }: { lastHeartbeat: number; staleMs: number },
  now: number,
): boolean => Math.abs(now - lastHeartbeat) <= staleMs;

/** Milliseconds for which a worker that vanished without unregistering stays on the list. */
export const FORGET_WORKERS_AFTER_MS = 24 * 3600 * 1000;

/** The order in which a worker claims due tasks. */
export const STRATEGIES = ['priority', 'fifo', 'lifo', 'weighted_random'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** Weight of a task under `weighted_random`. */
export const drawWeight = (priority: number): number => 1 / (priority + 1);

/** A capability, or a requirement, as one text: equal texts mean equal names and equal values. */
const requirementText = (name: string, value: JsonValue): string =>
  `${JSON.stringify(name)}:${canonicalJson(value)}`;

/**
 * A task's requirements of a worker, one text each; all of them must be met. Null requires nothing, an array each of
 * its elements.
 */
export function requirementsOf(compatibility: JsonObject): string[] {
  return Object.entries(compatibility).flatMap(([name, value]) => {
    if (value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((element) => requirementText(name, element));
  });
}

/**
 * A worker's capabilities, as the requirements they meet: each value, and each element of an array. Values are compared
 * as JSON values (`true` is not 1). Built once; a test of a task then costs the same however much is offered.
 */
export class CapabilitySet {
  /** In the form of {@link requirementsOf}. */
  readonly requirements: ReadonlySet<string>;

  constructor(capabilities: JsonObject) {
    this.requirements = new Set(
      Object.entries(capabilities).flatMap(([name, value]) =>
        [value, ...(Array.isArray(value) ? value : [])].map((offered) => requirementText(name, offered)),
      ),
    );
  }

  meets(compatibility: JsonObject): boolean {
    return requirementsOf(compatibility).every((requirement) => this.requirements.has(requirement));
  }
}

/** What decides which tasks a worker takes. */
export interface WorkerOffer {
  /** Null: any type. */
  types: readonly string[] | null;
  capabilities: JsonObject;
}

/** Whether a worker claims tasks of the type at all. */
export const servesType = ({ types }: Pick<WorkerOffer, 'types'>, type: string): boolean =>
  types === null || types.includes(type);

/**
 * Decides whether a worker takes a task: it serves the type, and meets the requirements. Built once for many tasks; for a
 * single one, {@link obstacleTo} builds less.
 */
export class TaskMatcher {
  readonly #types: ReadonlySet<string> | null;
  readonly #capabilities: CapabilitySet;

  constructor({ types, capabilities }: WorkerOffer) {
    this.#types = types && new Set(types);
    this.#capabilities = new CapabilitySet(capabilities);
  }

  takes(type: string, compatibility: JsonObject): boolean {
    return (this.#types === null || this.#types.has(type)) && this.#capabilities.meets(compatibility);
  }
}

/**
 * Why none of the workers takes a task: none serves its `type`, or none that does meets its `requirements`. Null if one
 * takes it.
 */
export function obstacleTo(
  { type, compatibility }: { type: string; compatibility: JsonObject },
  workers: readonly WorkerOffer[],
): 'type' | 'requirements' | null {
  const serving = workers.filter((worker) => servesType(worker, type));
  if (serving.length === 0) return 'type';
  const isMet = serving.some(({ capabilities }) => new CapabilitySet(capabilities).meets(compatibility));
  return isMet ? null : 'requirements';
}

/**
 * A queued task whose last attempt ended with its worker's death, which it may have caused. `isApart` if it must not
 * share a worker with another suspect: it was running during two crashes, or has only one attempt left.
 */
export interface CrashSuspect {
  id: number;
  isApart: boolean;
}

/** The suspects that a worker already runs. */
export interface HeldSuspects {
  any: boolean;
  apart: boolean;
}

/**
 * Which suspects a worker takes, of those at the head of the queue. After one death they come back together, so that
 * recovery costs no time; after that one at a time, so that a task which kills its process fails alone: every other
 * with two attempts or more survives it.
 */
export function chooseSuspects(inTurn: readonly CrashSuspect[], held: HeldSuspects): number[] {
  if (held.apart) return [];
  const [first] = inTurn;
  if (first?.isApart && !held.any) return [first.id];
  return inTurn.filter(({ isApart }) => !isApart).map(({ id }) => id);
}
