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
