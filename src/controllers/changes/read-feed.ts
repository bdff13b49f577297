import type { ChangePage, ChangeQuery, ChangeRepository } from '../../repositories/change-repository.js';
import type { ChangeHub } from './change-hub.js';
import { ChangeReader } from './change-reader.js';

/** Begins a wait: has `end` called when it is over, and returns what calls that off. */
export type BeginWait = (end: () => void) => () => void;

const isWorthAnswering = ({ tasks, isLast }: ChangePage): boolean => tasks.length > 0 || !isLast;

/** A page of the feed. Where there is nothing yet and `begin` is given: what comes next, or nothing at the end of the wait. */
export async function readFeed(
  changes: ChangeRepository,
  hub: ChangeHub,
  query: ChangeQuery,
  begin: BeginWait | null,
): Promise<ChangePage> {
  const first = await changes.since(query);
  if (begin === null || isWorthAnswering(first)) return first;
  const reader = new ChangeReader(changes, hub, first.revision, query.wants);
  const callOff = begin(() => reader.end());
  try {
    await reader.open();
    for (let page = await reader.next(query.limit); page; page = await reader.next(query.limit)) {
      if (isWorthAnswering(page)) return page;
    }
    return { tasks: [], revision: reader.position, isLast: true };
  } finally {
    callOff();
    reader.close();
  }
}
