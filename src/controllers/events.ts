import type { HttpResponse } from '../auth/exchange.js';
import type { LongPollRegistry } from '../auth/long-polls.js';
import { SpooliteError } from '../core/errors.js';
import { type StoredTask, textLength } from '../core/task.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import {
  type ChangeFilter,
  ChangeReader,
  eventsQuery,
  feedPosition,
  predicateOf,
  taskEventsQuery,
} from '../services/change-feed.js';
import { type ChangeHub, LatestValue } from '../services/change-hub.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { type TaskParams, taskIdOf, taskParams } from '../validation/task-id.js';
import { EventStream } from './event-stream.js';
import type { Route, RouteDocs } from './route.js';
import { emptyReply, eventReply } from './route-docs.js';

interface EventRequest {
  method: string;
  query: { cursor?: string };
  headers: { 'last-event-id'?: string | undefined };
}

interface Run {
  res: HttpResponse;
  /** The revision from which the client would resume. */
  position: number;
  source: { end(): void };
  run: (stream: EventStream) => Promise<void>;
}

/** Memory that a stream occupies. */
interface Held {
  /** Resolves when more may be read. */
  room(): Promise<void>;
  /** Counts tasks as held; returns a function that releases them. */
  begin(tasks: readonly StoredTask[]): () => void;
}

/** Most tasks read for one client at once. */
const PAGE = 100;

/** A reconnecting client sends its position in a header; the query has only where it began. */
const cursorOf = ({ headers, query }: EventRequest): string | undefined =>
  headers['last-event-id'] || query.cursor;

const isOver = ({ finishedAt }: StoredTask): boolean => finishedAt !== null;

/** Only a 204 stops a browser's EventSource from reconnecting. */
function sendNoContent(res: HttpResponse): void {
  res.statusCode = 204;
  res.end();
}

/** Reads at the client's pace; tasks count as held until it has taken them. */
async function pump(reader: ChangeReader, stream: EventStream, held: Held): Promise<void> {
  for (let page = await reader.next(PAGE); page; page = await reader.next(PAGE)) {
    const taken = held.begin(page.tasks);
    await stream.send(page.tasks);
    taken();
    stream.moveTo(page.revision);
    await held.room();
  }
}

async function follow(
  first: StoredTask,
  seen: number,
  mailbox: LatestValue<StoredTask>,
  stream: EventStream,
  held: Held,
): Promise<void> {
  let last = seen;
  try {
    for (let task: StoredTask | null = first; task; task = await mailbox.take()) {
      const taken = held.begin([task]);
      if (task.revision > last) await stream.send([task]);
      taken();
      last = Math.max(last, task.revision);
      if (isOver(task)) return;
    }
  } catch (error) {
    if (!(error instanceof SpooliteError && error.code === 'TASK_NOT_FOUND')) throw error;
    stream.sendGone(first.id);
  }
}

/** Changes as server-sent events. */
export class EventController {
  readonly #tasks: TaskRepository;
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #waits: LongPollRegistry;
  readonly #budget: ReplyBudget;

  constructor(
    tasks: TaskRepository,
    changes: ChangeRepository,
    hub: ChangeHub,
    waits: LongPollRegistry,
    budget: ReplyBudget,
  ) {
    this.#tasks = tasks;
    this.#changes = changes;
    this.#hub = hub;
    this.#waits = waits;
    this.#budget = budget;
  }

  #heldFor(res: HttpResponse): Held {
    return {
      room: () => this.#budget.room(res),
      begin: (tasks) =>
        this.#budget.hold(
          res,
          tasks.reduce((sum, task) => sum + textLength(task), 0),
        ),
    };
  }

  /** Every change of any task from the cursor on; without one, from now on. */
  all = async (req: EventRequest & { query: ChangeFilter }, res: HttpResponse): Promise<void> => {
    const position = await feedPosition(this.#changes, cursorOf(req) ?? 'now');
    const reader = new ChangeReader(this.#changes, this.#hub, position, predicateOf(req.query));
    try {
      await reader.open();
      if (req.method === 'HEAD') return this.#stream(res, position).end();
      await this.#budget.room(res);
      const run = (stream: EventStream) => pump(reader, stream, this.#heldFor(res));
      await this.#run({ res, position, source: reader, run });
    } finally {
      reader.close();
    }
  };

  /**
   * One task: its state, and every change until it is done or deleted. A client that has seen it done is stopped from
   * reconnecting.
   */
  ofTask = async (req: EventRequest & { params: TaskParams }, res: HttpResponse): Promise<void> => {
    const id = taskIdOf(req.params);
    const cursor = cursorOf(req);
    const seen = cursor === undefined ? 0 : await feedPosition(this.#changes, cursor);
    const mailbox = new LatestValue<StoredTask>();
    const leave = await this.#hub.watch(id, mailbox);
    try {
      await this.#budget.room(res);
      const task = await this.#tasks.find(id);
      if (isOver(task) && task.revision <= seen) return sendNoContent(res);
      if (req.method === 'HEAD') return this.#stream(res, seen).end();
      const source = { end: () => mailbox.close() };
      const run = (stream: EventStream) => follow(task, seen, mailbox, stream, this.#heldFor(res));
      await this.#run({ res, position: seen, source, run });
    } finally {
      leave();
    }
  };

  #stream(res: HttpResponse, position: number): EventStream {
    return new EventStream(res, position, this.#hub.turns);
  }

  /** Runs a stream until it, the client or the server ends it. */
  async #run({ res, position, source, run }: Run): Promise<void> {
    let stream: EventStream | undefined;
    // First: over the cap on streams this throws, and the reply is an error instead of a stream.
    const callOff = await this.#waits.begin(res, Number.POSITIVE_INFINITY, () => {
      source.end();
      stream?.abandon();
    });
    try {
      stream = this.#stream(res, position);
      await run(stream);
    } finally {
      callOff();
      stream?.end();
    }
  }
}

const all: RouteDocs = {
  operationId: 'streamEvents',
  tag: 'changes',
  summary: 'Changes of all tasks as server-sent events',
  description:
    'From now on; or after the cursor, or after `Last-Event-ID`. Changes in quick succession may come as one event with the latest state. The stream ends when the server stops; a client that reconnects misses nothing.',
  requestHeaders: ['LastEventId'],
  replies: { 200: eventReply('An endless stream.') },
  errors: ['CURSOR_INVALID'],
};

const ofTask: RouteDocs = {
  operationId: 'streamTaskEvents',
  tag: 'changes',
  summary: 'Changes of one task as server-sent events',
  description:
    'The task as it is, then its changes. The stream ends when the task is done; and when it is deleted, after an event `gone`.',
  requestHeaders: ['LastEventId'],
  replies: {
    200: eventReply('A stream that ends when the task is done or deleted.'),
    204: emptyReply(
      'The client has already seen the task done. A browser’s `EventSource` does not reconnect then.',
    ),
  },
  errors: ['CURSOR_INVALID'],
};

export const eventRoutes = (events: EventController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/events',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { query: eventsQuery },
    docs: all,
    handle: events.all,
  },
  {
    method: 'get',
    path: '/api/queue/tasks/:task_id/events',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { params: taskParams, query: taskEventsQuery },
    docs: ofTask,
    handle: events.ofTask,
  },
];
