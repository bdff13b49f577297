import { BYTE_LIMITS } from '../core/limits.js';
import type { StoredTask } from '../core/task.js';
import type { Change, ChangeRepository } from '../repositories/change-repository.js';

export type ChangePredicate = (change: Change) => boolean;

export interface ChangeQuery {
  /** Only changes after this revision. */
  after: number;
  /** Which changes to answer; absent is all. Asked of a bounded number of changes. */
  filter?: ChangePredicate | undefined;
  /** Most tasks to answer. */
  limit: number;
  /** Most changes of which the filter is asked; default 1000. */
  lookAt?: number;
  /** Most characters of text of all of them; a first task may have more. */
  characters?: number;
}

export interface ChangePage {
  /** In order of revision, each task once, as it is now. */
  tasks: StoredTask[];
  /** Every change up to this revision has been looked at: where to go on. */
  revision: number;
  /** True when nothing has changed after it. */
  isLast: boolean;
}

/** Bounds the cost of a filter that finds little. */
const MAX_LOOKED_AT = 1000;

/** The first `limit` of the changes that are wanted, and up to which revision they were looked at. */
function selectChanges(changes: readonly Change[], { after, filter, limit }: ChangeQuery) {
  const chosen: Change[] = [];
  let revision = after;
  for (const change of changes) {
    if (!filter || filter(change)) {
      if (chosen.length === limit) return { chosen, revision, isCut: true };
      chosen.push(change);
    }
    revision = change.revision;
  }
  return { chosen, revision, isCut: false };
}

/** The next changes after a revision, of those that are wanted. */
export async function readChanges(changes: ChangeRepository, query: ChangeQuery): Promise<ChangePage> {
  const { after, filter, limit, lookAt = MAX_LOOKED_AT, characters = BYTE_LIMITS.page } = query;
  const look = await changes.since(after, filter ? lookAt : limit);
  const { chosen, revision, isCut } = selectChanges(look.changes, query);
  const isLast = !isCut && look.isLast;
  if (chosen.length === 0) return { tasks: [], revision, isLast };
  const { tasks, upTo } = await changes.read(chosen, characters);
  return upTo === null ? { tasks, revision, isLast } : { tasks, revision: upTo, isLast: false };
}
