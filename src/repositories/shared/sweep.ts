import { SETTLED_AFTER_MS, typeMatcher } from '../../core/maintenance.js';
import type { SweepCursor, SweepQuery } from '../retention-repository.js';

export interface ExpiredTasks {
  /** Those that the rule applies to. */
  ids: number[];
  /** Where to continue: after the last one looked at, whatever its type. */
  cursor: SweepCursor;
  isEnd: boolean;
}

/** The result of looking at the next finished tasks, in the order of their ends. */
export function expiredAmong(
  found: readonly { id: number; at: number; type: string }[],
  { rule, after, limit }: Pick<SweepQuery<unknown>, 'rule' | 'after' | 'limit'>,
  now: number,
): ExpiredTasks {
  const matches = typeMatcher(rule.types);
  const last = found.at(-1);
  return {
    ids: found.filter(({ type }) => matches(type)).map(({ id }) => id),
    cursor: !last || last.at > now - SETTLED_AFTER_MS ? after : { at: last.at, id: last.id },
    isEnd: found.length < limit,
  };
}
