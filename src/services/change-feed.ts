import { SpooliteError } from '../core/errors.js';
import { BYTE_LIMITS, TASK_LIMITS } from '../core/limits.js';
import type { TaskStatus } from '../core/task.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import { query, queryInteger, queryWait, taskIds } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { type ChangeHub, LatestValue } from './change-hub.js';
import { type ChangePage, type ChangePredicate, type ChangeQuery, readChanges } from './read-changes.js';
import type { ChangeSpan } from './recent-changes.js';
import { taskFilters } from './task-list.js';

/**
 * Reads the change feed for one client from a position on: the stored changes, then new ones. It shares what the hub
 * has read while that is in memory, and reads on its own when it has fallen behind, so that nothing is buffered for a
 * slow client.
 */
export class ChangeReader {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #predicate: ChangePredicate | undefined;
  readonly #revisions = new LatestValue<number>();
  #position: number;
  /** Whether it has caught up; from then on it follows the hub. */
  #isAtEnd = false;
  #leave: (() => void) | undefined;

  /** `position` is the revision to read after; without `predicate` every change matches. */
  constructor(changes: ChangeRepository, hub: ChangeHub, position: number, predicate?: ChangePredicate) {
    this.#changes = changes;
    this.#hub = hub;
    this.#position = position;
    this.#predicate = predicate;
  }

  /** Every matching change up to this revision has been returned. */
  get position(): number {
    return this.#position;
  }

  async open(): Promise<void> {
    this.#leave = await this.#hub.listen(this.#predicate, this.#revisions);
  }

  /** The next changes, up to `limit` tasks, possibly none; waits while there are none yet. Null once ended. */
  async next(limit: number): Promise<ChangePage | null> {
    while (!this.#revisions.isClosed) {
      if (!this.#isAtEnd) return this.#hub.turns.run(() => this.#read(limit));
      const span = this.#hub.following(this.#position);
      if (span) return this.#take(span, limit);
      this.#isAtEnd = this.#position >= this.#hub.seen;
      if (this.#isAtEnd && (await this.#revisions.take()) === null) return null;
    }
    return null;
  }

  /** Ends a pending `next()`, and every later one. */
  end(): void {
    this.#revisions.close();
  }

  close(): void {
    this.end();
    this.#leave?.();
  }

  async #read(limit: number): Promise<ChangePage | null> {
    if (this.#revisions.isClosed) return null;
    // Everything up to here was committed before the read.
    const seen = this.#hub.seen;
    const page = await readChanges(this.#changes, {
      after: this.#position,
      filter: this.#predicate,
      limit,
      characters: BYTE_LIMITS.piece,
    });
    this.#isAtEnd = page.isLast;
    this.#position = page.isLast ? Math.max(page.revision, seen) : page.revision;
    return { ...page, revision: this.#position };
  }

  #take({ upTo, tasks }: ChangeSpan, limit: number): ChangePage {
    const wanted = tasks.filter(
      (task) => task.revision > this.#position && (this.#predicate?.(task) ?? true),
    );
    const page = wanted.slice(0, limit);
    const isLast = page.length === wanted.length;
    this.#position = isLast ? upTo : (page.at(-1)?.revision ?? upTo);
    return { tasks: page, revision: this.#position, isLast };
  }
}

/** Begins a wait: `end` is called when its time is over; returns a function that cancels that. */
export type BeginWait = (end: () => void) => (() => void) | Promise<() => void>;

export interface FeedQuery extends ChangeQuery {
  /** Tasks whose deletion the client wants to be notified of. */
  ids?: readonly number[] | undefined;
}

export interface FeedPage extends ChangePage {
  /** The query's ids that do not exist, if a task was deleted after its position. */
  gone: number[];
}

const isWorthAnswering = ({ tasks, isLast, gone }: FeedPage): boolean =>
  tasks.length > 0 || !isLast || gone.length > 0;

/** Returns a check for deletions among the query's ids, to be run whenever any task was deleted. */
function deletionCheck(changes: ChangeRepository, { ids, after }: FeedQuery) {
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
  // Before the changes: no task carries a deletion's revision, and the cursor must not pass it without the changes
  // below it.
  const deletion = await changes.lastDeletion();
  const page = await readChanges(changes, query);
  const revision = page.isLast ? Math.max(page.revision, deletion) : page.revision;
  return { ...page, revision, gone: await goneBy(deletion) };
}

/**
 * A page of the feed. If it is empty and `begin` is given, waits for the next changes or deletions; nothing at the end
 * of the wait.
 */
export async function readFeed(
  changes: ChangeRepository,
  hub: ChangeHub,
  query: FeedQuery,
  begin: BeginWait | null,
): Promise<FeedPage> {
  const goneBy = deletionCheck(changes, query);
  const first = await firstPage(changes, query, goneBy);
  if (begin === null || isWorthAnswering(first)) return first;
  const reader = new ChangeReader(changes, hub, first.revision, query.filter);
  const callOff = await begin(() => reader.end());
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

/** The cursor of the present. */
const NOW = 'now';

const REVISION = /^(?:0|[1-9]\d{0,15})$/;

/**
 * The revision after which a reader of changes continues. A cursor is the last revision it has seen, in digits, or
 * `now`. Throws CURSOR_INVALID for any other text, and for a revision that this queue has not reached: everything up to
 * it would be missed.
 */
export async function feedPosition(changes: ChangeRepository, cursor: string): Promise<number> {
  if (cursor === NOW) return changes.horizon();
  const revision = Number(cursor);
  if (REVISION.test(cursor) && (await changes.hasGivenOut(revision))) return revision;
  throw new SpooliteError(
    'CURSOR_INVALID',
    'The cursor does not come from this queue; start again without it',
    [{ pointer: '/cursor', message: 'is neither a revision of this queue nor "now"' }],
  );
}

export interface ChangeFilter {
  status?: TaskStatus;
  type?: string;
  ids?: number[];
}

const changeFilters = {
  ...taskFilters,
  ids: taskIds().description('Only these tasks.').example([1, 2, 3]),
};

/** Revisions in digits, or `now`. */
const changeCursor = () =>
  Schema.string()
    .empty('')
    .meta({ schema: { pattern: '^(0|[1-9][0-9]*|now)$' } });

export const feedQuery = query({
  ...changeFilters,
  cursor: changeCursor()
    .default('0')
    .description('The revision to start after: the `cursor` of the previous answer, or `now`.')
    .example('4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most changes in one answer.'),
  wait: queryWait(),
});

const eventCursor = () =>
  changeCursor()
    .description('The revision to start after, or `now`; `Last-Event-ID` takes precedence.')
    .example('4711');

export const taskEventsQuery = query({ cursor: eventCursor() });

export const eventsQuery = query({ ...changeFilters, cursor: eventCursor() });

/** A filter on a task's current type, status and id; undefined if it matches every change. */
export function predicateOf({ status, type, ids }: ChangeFilter): ChangePredicate | undefined {
  if (status === undefined && type === undefined && ids === undefined) return undefined;
  const among = ids && new Set(ids);
  return (change) =>
    (type === undefined || change.type === type) &&
    (status === undefined || change.status === status) &&
    (among === undefined || among.has(change.id));
}
