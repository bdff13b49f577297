import type { Random } from '../core/clock.js';
import { between, chance, integerBetween, oneOf, weighted } from './random.js';

/** The behaviour that a task's payload requests of its handler. */
export interface Behaviour {
  /** What it does in the first `times` attempts; afterwards it succeeds. */
  act: 'succeed' | 'fail' | 'reject' | 'postpone' | 'hang' | 'ignore' | 'block';
  times: number;
  /** Its duration in milliseconds. */
  ms: number;
  /** Report progress and write to the log meanwhile. */
  talk: boolean;
}

/** Types by the time limit of their handlers. */
export const TORTURE_TYPES = {
  /** A long one. */
  patient: 'torture',
  /** A short one, with retries after a timeout. */
  hasty: 'torture_hasty',
  /** A short one, without retries. */
  strict: 'torture_strict',
} as const;

/** Names the attempt in the error that it throws, so that a settle by another attempt can be detected. */
export const ownAttempt = (attempt: number): string => `Failed on purpose in attempt ${attempt}`;

/** The attempt that an error text names; null without one. */
export function attemptNamedIn(text: string): number | null {
  const named = /Failed on purpose in attempt (\d+)/.exec(text)?.[1];
  return named === undefined ? null : Number(named);
}

/** The body of an enqueue request. */
export interface TaskRequest {
  type: string;
  priority: number;
  payload: Behaviour;
  max_attempts: number;
  idempotency_key: string;
  run_after_utc?: string;
}

/** Relative frequency of each behaviour. */
const ACTS = { succeed: 750, fail: 120, reject: 30, postpone: 40, hang: 30, ignore: 25, block: 1 };

/** Slow tasks are what a process holds when a fault hits it. */
const SHARE_SLOW = 0.4;
const SHARE_TALKING = 0.3;
const SHARE_SCHEDULED = 0.1;
const SHARE_BATCHED = 0.1;
const LARGEST_BATCH = 10;

const PRIORITIES = [1, 50, 100, 100, 100, 1000];

/** Long enough for the worker's heartbeat, in its other thread, to end a strict attempt that blocks. */
const BLOCK_MS = 3_000;

function typeFor(random: Random, act: Behaviour['act']): string {
  if (act === 'block') return TORTURE_TYPES.strict;
  if (act !== 'hang' && act !== 'ignore') return TORTURE_TYPES.patient;
  return chance(random, 0.5) ? TORTURE_TYPES.hasty : TORTURE_TYPES.strict;
}

function drawDuration(random: Random, act: Behaviour['act']): number {
  if (act === 'block') return BLOCK_MS;
  return Math.round(chance(random, SHARE_SLOW) ? between(random, 300, 2_000) : between(random, 1, 100));
}

function drawRequest(random: Random, key: string): TaskRequest {
  const act = weighted(random, ACTS);
  const times = act === 'succeed' ? 0 : integerBetween(random, 1, 3);
  const ms = drawDuration(random, act);
  return {
    type: typeFor(random, act),
    priority: oneOf(random, PRIORITIES) ?? 100,
    payload: { act, times, ms, talk: chance(random, SHARE_TALKING) },
    max_attempts: integerBetween(random, 1, 10),
    idempotency_key: key,
    ...(chance(random, SHARE_SCHEDULED) && {
      run_after_utc: new Date(Date.now() + between(random, 0, 1_500)).toISOString(),
    }),
  };
}

/** The next enqueue: usually one task, sometimes a batch. `nextKey` creates idempotency keys. */
export function drawRequests(random: Random, nextKey: () => string): TaskRequest[] {
  const length = chance(random, SHARE_BATCHED) ? integerBetween(random, 2, LARGEST_BATCH) : 1;
  return Array.from({ length }, () => drawRequest(random, nextKey()));
}
