import type { ServerResponse } from 'node:http';
import { SpooliteError } from '../domain/spoolite-error.js';
import type { StoredTask } from '../domain/stored-task.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { type ChangeFilter, wantsOf } from './change-filter.js';
import type { ChangeHub } from './changes/change-hub.js';
import { ChangeReader } from './changes/change-reader.js';
import { EventStream } from './changes/event-stream.js';
import { Mailbox } from './changes/mailbox.js';
import type { Waits } from './changes/waits.js';
import { feedPosition } from './feed-position.js';
import { type TaskParams, taskIdOf } from './task-params.js';

interface EventRequest {
  method: string;
  query: { cursor?: string };
  headers: { 'last-event-id'?: string | undefined };
}

interface Run {
  res: ServerResponse;
  /** The revision from which the client would resume. */
  position: number;
  source: { end(): void };
  run: (stream: EventStream) => Promise<void>;
}

/** Most tasks that are read for one client at once. */
const PAGE = 100;

/** A client that connects again says how far it came; what its address says is where it began. */
const cursorOf = ({ headers, query }: EventRequest): string | undefined =>
  headers['last-event-id'] || query.cursor;

const isOver = ({ finishedAt }: StoredTask): boolean => finishedAt !== null;

/** 204 is what has a browser's EventSource stop connecting again. */
function sendNoContent(res: ServerResponse): void {
  res.statusCode = 204;
  res.end();
}

async function pump(reader: ChangeReader, stream: EventStream): Promise<void> {
  for (let page = await reader.next(PAGE); page; page = await reader.next(PAGE)) {
    await stream.send(page.tasks);
    stream.moveTo(page.revision);
  }
}

async function follow(
  first: StoredTask,
  seen: number,
  mailbox: Mailbox<StoredTask>,
  stream: EventStream,
): Promise<void> {
  let last = seen;
  try {
    for (let task: StoredTask | null = first; task; task = await mailbox.take()) {
      if (task.revision > last) await stream.send([task]);
      last = Math.max(last, task.revision);
      if (isOver(task)) return;
    }
  } catch (error) {
    if (!(error instanceof SpooliteError && error.code === 'TASK_NOT_FOUND')) throw error;
    stream.sendGone(first.id);
  }
}

/** Changes as server-sent events, as they come. */
export class EventController {
  readonly #tasks: TaskRepository;
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #waits: Waits;

  constructor(tasks: TaskRepository, changes: ChangeRepository, hub: ChangeHub, waits: Waits) {
    this.#tasks = tasks;
    this.#changes = changes;
    this.#hub = hub;
    this.#waits = waits;
  }

  /** Every change of any task from the cursor on; without one, from now on. */
  all = async (req: EventRequest & { query: ChangeFilter }, res: ServerResponse): Promise<void> => {
    const position = await feedPosition(this.#changes, cursorOf(req) ?? 'now');
    const reader = new ChangeReader(this.#changes, this.#hub, position, wantsOf(req.query));
    try {
      await reader.open();
      if (req.method === 'HEAD') return this.#stream(res, position).end();
      await this.#run({ res, position, source: reader, run: (stream) => pump(reader, stream) });
    } finally {
      reader.close();
    }
  };

  /** One task: as it is, and every change until it is done or deleted. A client that has seen it done is told not to come back. */
  ofTask = async (req: EventRequest & { params: TaskParams }, res: ServerResponse): Promise<void> => {
    const id = taskIdOf(req.params);
    const cursor = cursorOf(req);
    const seen = cursor === undefined ? 0 : await feedPosition(this.#changes, cursor);
    const mailbox = new Mailbox<StoredTask>();
    const leave = await this.#hub.watch(id, mailbox);
    try {
      const task = await this.#tasks.find(id);
      if (isOver(task) && task.revision <= seen) return sendNoContent(res);
      if (req.method === 'HEAD') return this.#stream(res, seen).end();
      const source = { end: () => mailbox.close() };
      const run = (stream: EventStream) => follow(task, seen, mailbox, stream);
      await this.#run({ res, position: seen, source, run });
    } finally {
      leave();
    }
  };

  #stream(res: ServerResponse, position: number): EventStream {
    return new EventStream(res, position, this.#hub.turns);
  }

  /** Runs a stream to its end: its own, the client's or the server's. */
  async #run({ res, position, source, run }: Run): Promise<void> {
    let stream: EventStream | undefined;
    // First of all: where too many streams are open, this is no stream but a refusal.
    const callOff = this.#waits.begin(res, Number.POSITIVE_INFINITY, () => {
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
