import { SpooliteError } from '../core/errors.js';
import { BYTE_LIMITS } from '../core/limits.js';
import type { TaskStatus } from '../core/task.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import { type ChangeHub, LatestValue } from './change-hub.js';
import { type ChangePage, type ChangeQuery, readChanges, type Wants } from './read-changes.js';
import type { ChangeSpan } from './recent-changes.js';

/**
 * Reads the change feed for one client from a position on: first what is there, then what comes. It takes what the hub
 * has read for everybody as long as that is at hand, and reads for itself where it has fallen behind, so that nothing is
 * kept for a client that does not keep up.
 */
export class ChangeReader {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #wants: Wants | undefined;
  readonly #news = new LatestValue<number>();
  #position: number;
  /** Whether it has read all that was there; from then on it follows the hub. */
  #isAtEnd = false;
  #leave: (() => void) | undefined;

  /** `position` is the revision after which to read; without `wants` everything is. */
  constructor(changes: ChangeRepository, hub: ChangeHub, position: number, wants?: Wants) {
    this.#changes = changes;
    this.#hub = hub;
    this.#position = position;
    this.#wants = wants;
  }

  /** Everything wanted up to this revision has been handed over. */
  get position(): number {
    return this.#position;
  }

  /** Call first. */
  async open(): Promise<void> {
    this.#leave = await this.#hub.listen(this.#wants, this.#news);
  }

  /** What comes next, up to `limit` tasks, possibly none; awaited when there is nothing yet. Null once ended. */
  async next(limit: number): Promise<ChangePage | null> {
    while (!this.#news.isClosed) {
      if (!this.#isAtEnd) return this.#hub.turns.run(() => this.#read(limit));
      const span = this.#hub.following(this.#position);
      if (span) return this.#take(span, limit);
      this.#isAtEnd = this.#position >= this.#hub.seen;
      if (this.#isAtEnd && (await this.#news.take()) === null) return null;
    }
    return null;
  }

  /** Ends a `next()` that waits, and every later one. */
  end(): void {
    this.#news.close();
  }

  close(): void {
    this.end();
    this.#leave?.();
  }

  async #read(limit: number): Promise<ChangePage | null> {
    if (this.#news.isClosed) return null;
    // Up to here everything was committed before the read.
    const seen = this.#hub.seen;
    const page = await readChanges(this.#changes, {
      after: this.#position,
      filter: this.#wants,
      limit,
      characters: BYTE_LIMITS.piece,
    });
    this.#isAtEnd = page.isLast;
    this.#position = page.isLast ? Math.max(page.revision, seen) : page.revision;
    return { ...page, revision: this.#position };
  }

  #take({ upTo, tasks }: ChangeSpan, limit: number): ChangePage {
    const wanted = tasks.filter((task) => task.revision > this.#position && (this.#wants?.(task) ?? true));
    const page = wanted.slice(0, limit);
    const isLast = page.length === wanted.length;
    this.#position = isLast ? upTo : (page.at(-1)?.revision ?? upTo);
    return { tasks: page, revision: this.#position, isLast };
  }
}

/** Begins a wait: has `end` called when it is over, and gives what calls that off. */
export type BeginWait = (end: () => void) => (() => void) | Promise<() => void>;

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
  const page = await readChanges(changes, query);
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

/** The cursor that stands for what is committed now. */
const NOW = 'now';

const REVISION = /^(?:0|[1-9]\d{0,15})$/;

/**
 * The revision after which a reader of changes goes on. Its cursor is the last revision it has seen, in digits, or
 * `now`. Throws CURSOR_INVALID for any other text, and for a revision that this queue has not come to: a reader that
 * went on from there would miss everything up to it.
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

/**
 * Whether a change is of a task that now has this type and status, and is one of these; undefined where every change is
 * wanted.
 */
export function wantsOf({ status, type, ids }: ChangeFilter): Wants | undefined {
  if (status === undefined && type === undefined && ids === undefined) return undefined;
  const among = ids && new Set(ids);
  return (change) =>
    (type === undefined || change.type === type) &&
    (status === undefined || change.status === status) &&
    (among === undefined || among.has(change.id));
}
