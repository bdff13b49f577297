import type { Changes, ChangesQuery, EventsQuery, TaskEvent } from '../client/queries.js';
import { idsParameter } from '../client/resources.js';
import type { AnyTasks } from '../client/task-types.js';
import { type StoredTask, type Task, toTask } from '../core/task.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import type { Repositories } from '../repositories/storage.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import {
  type ChangeFilter,
  ChangeReader,
  eventsQuery,
  feedPosition,
  feedQuery,
  predicateOf,
  readFeed,
} from '../services/change-feed.js';
import { ChangeHub, LatestValue, type OnCommit } from '../services/change-hub.js';
import type { PendingWaits } from './pending-waits.js';
import { checked, checkedId } from './requests.js';

type FeedQuery = ChangeFilter & { cursor: string; limit: number; wait?: number };

/** Most changes read at once. */
const PAGE_SIZE = 100;

/** Changes of tasks for readers in this process. */
export class ChangeFeed {
  readonly #tasks: TaskRepository;
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #waits: PendingWaits;

  constructor({ tasks, changes }: Repositories, onCommit: OnCommit, waits: PendingWaits) {
    this.#tasks = tasks;
    this.#changes = changes;
    this.#hub = new ChangeHub(changes, onCommit);
    this.#waits = waits;
  }

  /** The current state of a task, then its later ones until it is done. */
  async *states(given: number, signal?: AbortSignal): AsyncGenerator<Task, undefined> {
    this.#waits.throwIfOver(signal);
    const id = checkedId(given);
    const mailbox = new LatestValue<StoredTask>();
    const callOff = this.#waits.begin(() => mailbox.close(), { signal });
    let leave: (() => void) | undefined;
    try {
      leave = await this.#hub.watch(id, mailbox);
      let seen = 0;
      for (let task: StoredTask | null = await this.#tasks.find(id); task; task = await mailbox.take()) {
        if (task.revision > seen) yield toTask(task);
        if (task.finishedAt !== null) return;
        seen = task.revision;
      }
    } finally {
      callOff();
      leave?.();
    }
    this.#waits.throwIfOver(signal);
  }

  /** A page of the feed; with `waitSeconds`, waits for the next change. */
  async page({ signal, ids, waitSeconds, ...given }: ChangesQuery<AnyTasks>): Promise<Changes<Task>> {
    this.#waits.throwIfOver(signal);
    const query = checked<FeedQuery>(feedQuery, { ...given, ids: idsParameter(ids), wait: waitSeconds });
    const after = await feedPosition(this.#changes, query.cursor);
    const { wait = 0 } = query;
    const begin = (end: () => void) => this.#waits.begin(end, { signal, seconds: wait });
    const wanted = { after, limit: query.limit, ids: query.ids, filter: predicateOf(query) };
    const page = await readFeed(this.#changes, this.#hub, wanted, wait === 0 ? null : begin);
    this.#waits.throwIfOver(signal);
    const gone = page.gone.length > 0 ? { gone: page.gone } : {};
    return { changes: page.tasks.map(toTask), cursor: String(page.revision), ...gone };
  }

  /** Every change, as it comes. */
  async *events(given: EventsQuery<AnyTasks>): AsyncGenerator<TaskEvent<Task>, undefined> {
    const { signal, onConnection, ids, ...rest } = given;
    this.#waits.throwIfOver(signal);
    const query = checked<ChangeFilter & { cursor?: string }>(eventsQuery, {
      ...rest,
      ids: idsParameter(ids),
    });
    const position = await feedPosition(this.#changes, query.cursor ?? 'now');
    const reader = new ChangeReader(this.#changes, this.#hub, position, predicateOf(query));
    const callOff = this.#waits.begin(() => reader.end(), { signal });
    try {
      await reader.open();
      onConnection?.(true);
      for (let page = await reader.next(PAGE_SIZE); page; page = await reader.next(PAGE_SIZE)) {
        for (const task of page.tasks) yield { task: toTask(task), cursor: String(task.revision) };
      }
    } finally {
      callOff();
      reader.close();
    }
    this.#waits.throwIfOver(signal);
  }
}
