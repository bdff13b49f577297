import type { HttpResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import { type StoredTask, textLength } from '../core/task.js';
import type { ChangeRepository } from '../repositories/change-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { type ChangeFilter, ChangeReader, feedPosition, wantsOf } from '../services/change-feed.js';
import { type ChangeHub, LatestValue, type Turns } from '../services/change-hub.js';
import type { LongPollRegistry } from '../services/long-polls.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { type TaskText, taskTextFor } from './task-resource.js';
import { type TaskParams, taskIdOf } from './tasks.js';

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

/** What is in memory for a stream. */
interface Held {
  /** Resolves when more may be read. */
  room(): Promise<void>;
  /** Counts tasks; returns what ends that. */
  begin(tasks: readonly StoredTask[]): () => void;
}

/** Most tasks that are read for one client at once. */
const PAGE = 100;

/** A client that connects again says how far it came; what its address says is where it began. */
const cursorOf = ({ headers, query }: EventRequest): string | undefined =>
  headers['last-event-id'] || query.cursor;

const isOver = ({ finishedAt }: StoredTask): boolean => finishedAt !== null;

/** 204 is what has a browser's EventSource stop connecting again. */
function sendNoContent(res: HttpResponse): void {
  res.statusCode = 204;
  res.end();
}

/** Reads for the client what it can take; what is read is held until it has. */
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

/** Changes as server-sent events, as they come. */
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
    const reader = new ChangeReader(this.#changes, this.#hub, position, wantsOf(req.query));
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

  /** One task: as it is, and every change until it is done or deleted. A client that has seen it done is told not to come back. */
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

const HEADERS = Object.entries({
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Proxies of the nginx family would gather events otherwise.
  'X-Accel-Buffering': 'no',
});

/** What a client waits before it connects again, in milliseconds. */
const RETRY_MS = 1_000;

const HEARTBEAT_MS = 15_000;

/** What a client that no longer reads is given to take what was sent, in milliseconds. */
const FLUSH_MS = 1_000;

/** Characters that are gathered before some are sent. */
const PIECE = 64 * 1024;

/** A reply of server-sent events: each is a task, its id the revision from which a client can resume. */
export class EventStream {
  readonly #res: HttpResponse;
  readonly #text: TaskText;
  readonly #turns: Turns;
  readonly #heartbeat: NodeJS.Timeout;
  #position: number;
  /** The client knows this one. */
  #sentPosition: number;

  /**
   * Sends the headers. `position` is the revision from which the client would resume if it lost the connection now. What
   * follows is sent in turns, as others send the same at the same time.
   */
  constructor(res: HttpResponse, position: number, turns: Turns) {
    this.#res = res;
    this.#turns = turns;
    this.#text = taskTextFor(res);
    this.#position = position;
    this.#sentPosition = position;
    for (const [name, value] of HEADERS) res.setHeader(name, value);
    res.write(`retry: ${RETRY_MS}\nid: ${position}\n\n`);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    res.once('close', () => clearInterval(this.#heartbeat));
  }

  /** Resolves when the client can take more: what it does not read is not heaped up here. */
  async send(tasks: readonly StoredTask[]): Promise<void> {
    for (let from = 0; from < tasks.length; ) {
      const start = from;
      from += await this.#turns.run(() => this.#write(tasks, start));
      await this.#drained();
    }
  }

  /** Says that the task was deleted. */
  sendGone(taskId: number): void {
    if (this.#isOver) return;
    this.#res.write(`id: ${this.#position}\nevent: gone\ndata: {"task_id":${taskId}}\n\n`);
  }

  /** The client need not look at anything up to this revision again; it is told with the next heartbeat. */
  moveTo(position: number): void {
    this.#position = position;
  }

  /** Ends after what was sent. */
  end(): void {
    clearInterval(this.#heartbeat);
    this.#res.end();
  }

  /** Ends, whether the client takes what was sent or not. */
  abandon(): void {
    this.end();
    if (this.#res.closed) return;
    const impatience = setTimeout(() => this.#res.destroy(), FLUSH_MS).unref();
    this.#res.once('close', () => clearTimeout(impatience));
  }

  get #isOver(): boolean {
    return this.#res.writableEnded || this.#res.closed;
  }

  /** Writes a piece's worth of tasks from there on; returns how many. Once there is nobody to write to, that is all. */
  #write(tasks: readonly StoredTask[], start: number): number {
    if (this.#isOver) return tasks.length;
    let text = '';
    let at = start;
    for (let task = tasks[at]; task && text.length < PIECE; task = tasks[++at]) {
      text += `id: ${task.revision}\nevent: task\ndata: ${this.#text(task)}\n\n`;
      this.#position = task.revision;
    }
    this.#sentPosition = this.#position;
    this.#res.write(text);
    return at - start;
  }

  #beat(): void {
    if (this.#res.writableNeedDrain || this.#res.writableEnded) return;
    const id = this.#position > this.#sentPosition ? `id: ${this.#position}\n` : '';
    this.#sentPosition = this.#position;
    this.#res.write(`: heartbeat\n${id}\n`);
  }

  #drained(): Promise<void> {
    if (!this.#res.writableNeedDrain || this.#res.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const go = () => {
        this.#res.off('drain', go);
        this.#res.off('close', go);
        resolve();
      };
      this.#res.once('drain', go);
      this.#res.once('close', go);
    });
  }
}
