import type { ChangePage, ChangeQuery, ChangeRepository } from '../../repositories/change-repository.js';
import type { ChangeHub } from './change-hub.js';
import { ChangeReader } from './change-reader.js';

/** Begins a wait: has `end` called when it is over, and returns what calls that off. */
export type BeginWait = (end: () => void) => () => void;

export interface FeedQuery extends ChangeQuery {
  /** Tasks of which the client wants to hear also when they are deleted. */
  ids?: readonly number[] | undefined;
}

export interface FeedPage extends ChangePage {
  /** Those of the query's ids that are not there, where a task was deleted after its position. */
  gone: number[];
}

const isWorthAnswering = ({ tasks, isLast, gone }: FeedPage): boolean =>
  tasks.length > 0 || !isLast || gone.length > 0;

/** Tells whether tasks that the client asked for are gone, each time that any task was deleted. */
function deletionLookout(changes: ChangeRepository, { ids, after }: FeedQuery) {
  let known = after;
  return async (deletion: number): Promise<number[]> => {
    if (!ids || deletion <= known) return [];
    known = deletion;
    return changes.missing(ids);
  };
}

async function firstPage(
  changes: ChangeRepository,
  query: FeedQuery,
  goneBy: (deletion: number) => Promise<number[]>,
): Promise<FeedPage> {
  // Before the changes: a deletion has a revision, but no task tells it, and past it none of them may be missed.
  const deletion = await changes.lastDeletion();
  const page = await changes.since(query);
  const revision = page.isLast ? Math.max(page.revision, deletion) : page.revision;
  return { ...page, revision, gone: await goneBy(deletion) };
}

/**
 * A page of the feed. Where there is nothing yet and `begin` is given: what comes next, which may be that a task is deleted,
 * or nothing at the end of the wait.
 */
export async function readFeed(
  changes: ChangeRepository,
  hub: ChangeHub,
  query: FeedQuery,
  begin: BeginWait | null,
): Promise<FeedPage> {
  const goneBy = deletionLookout(changes, query);
  const first = await firstPage(changes, query, goneBy);
  if (begin === null || isWorthAnswering(first)) return first;
  const reader = new ChangeReader(changes, hub, first.revision, query.wants);
  const callOff = begin(() => reader.end());
  try {
    await reader.open();
    for (let page = await reader.next(query.limit); page; page = await reader.next(query.limit)) {
      const answer = { ...page, gone: await goneBy(await changes.lastDeletion()) };
      if (isWorthAnswering(answer)) return answer;
    }
    return { tasks: [], revision: reader.position, isLast: true, gone: [] };
  } finally {
    callOff();
    reader.close();
  }
}
