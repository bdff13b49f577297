import { sql } from 'drizzle-orm';
import { type FinishedStatus, typeMatcher } from '../../../core/maintenance.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Place, Walk } from '../../retention-repository.js';
import { bound } from '../bound.js';

/** Milliseconds that a walk stays behind: tasks may yet end at an instant that is nearly over, and have a lower id. */
const BEHIND_MS = 1_000;

interface Found {
  /** Those that the rule is for. */
  ids: number[];
  /** Where to go on: after the last one that was looked at, whatever its type. */
  place: Place;
  isEnd: boolean;
}

/**
 * Finds finished tasks that a rule keeps no longer, some further on from a place. Those of other types are looked at once and
 * left behind: an index that began with the type would have to be asked once for each type there is.
 */
export function finishedWalk({ db, now }: Transaction): (walk: Walk<FinishedStatus>) => Found {
  const look = db
    .select({ id: tasks.id, at: tasks.finishedAt, type: tasks.type })
    .from(tasks)
    .where(
      sql`${tasks.status} = ${bound('status')} and finished_at <= ${bound('cutoff')} and (finished_at, id) > (${bound('at')}, ${bound('id')})`,
    )
    .orderBy(tasks.finishedAt, tasks.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  return ({ status, rule, after, limit }) => {
    const matches = typeMatcher(rule.types);
    const found = look.all({ status, cutoff: now() - rule.keptMs, ...after, limit });
    const last = found.at(-1);
    const newest = now() - BEHIND_MS;
    return {
      ids: found.filter(({ type }) => matches(type)).map(({ id }) => id),
      place: !last || (last.at as number) > newest ? after : { at: last.at as number, id: last.id },
      isEnd: found.length < limit,
    };
  };
}
