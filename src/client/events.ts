import { type ApiRequest, type Connection, isTransient, retryDelayMs } from './connection.js';
import { goneTask } from './errors.js';
import type { EventsQuery, TaskEvent } from './queries.js';
import { fromResource } from './resources.js';
import { pause } from './timers.js';

/** Reads a stream of events, one connection after the other, and goes on where the last one was lost. */
export class EventReader<Task> {
  readonly #connection: Connection;
  readonly #request: ApiRequest;
  #cursor: string | undefined;

  /** Without a cursor the first connection begins where the server says. */
  constructor(connection: Connection, request: ApiRequest, cursor?: string) {
    this.#connection = connection;
    this.#request = request;
    this.#cursor = cursor;
  }

  /** The last revision that was told; undefined before there was one. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** The events of one connection. `onOpen` is called once it is there. Throws `TaskNotFound` when its task is deleted. */
  async *connect(onOpen?: () => void): AsyncGenerator<TaskEvent<Task>, undefined> {
    const parser = new EventParser(this.#cursor);
    const resumed: Record<string, string> =
      this.#cursor === undefined ? {} : { 'Last-Event-ID': this.#cursor };
    const request = { ...this.#request, headers: { Accept: 'text/event-stream', ...resumed } };
    let isOpen = false;
    for await (const piece of this.#connection.stream(request)) {
      if (!isOpen) onOpen?.();
      isOpen = true;
      for (const { id, event, data } of parser.feed(piece)) {
        this.#cursor = id;
        if (event === 'gone') throw goneTask(JSON.parse(data).task_id);
        yield { task: fromResource<Task>(JSON.parse(data)), cursor: id };
      }
      this.#cursor = parser.id || this.#cursor;
    }
  }
}

type ReconnectOptions = Pick<EventsQuery<unknown>, 'onConnection' | 'signal'>;

/** Events without an end: connects again whenever the connection is lost, and misses nothing. */
export async function* reconnectingEvents<Task>(
  reader: EventReader<Task>,
  { onConnection, signal }: ReconnectOptions,
): AsyncGenerator<TaskEvent<Task>, undefined> {
  let failures = 0;
  for (;;) {
    let failure: unknown;
    let isOpen = false;
    try {
      yield* reader.connect(() => {
        isOpen = true;
        failures = 0;
        onConnection?.(true);
      });
    } catch (error) {
      if (!isTransient(error)) throw error;
      failure = error;
    }
    if (isOpen) onConnection?.(false);
    failures++;
    await pause(retryDelayMs(failures, failure), signal);
  }
}

/** One of the events of a stream. */
export interface ServerSentEvent {
  /** Where a client goes on that has seen this one. */
  id: string;
  /** Its name; empty where it has none. */
  event: string;
  data: string;
}

/**
 * Reads server-sent events from pieces of text. An `id` counts also where no data comes with it: a stream says so where it
 * begins, and how far its filter has let nothing through.
 */
export class EventParser {
  #rest = '';
  #data: string[] = [];
  #event = '';
  #id: string;

  /** `id` is that of the last event that was seen before. */
  constructor(id = '') {
    this.#id = id;
  }

  /** The last id that was told. */
  get id(): string {
    return this.#id;
  }

  /** The events that are complete with this piece. */
  *feed(piece: string): Generator<ServerSentEvent, undefined> {
    // A carriage return at the end may be half of a line's end.
    const lines = (this.#rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') this.#take(line);
      else yield* this.#dispatch();
    }
    return undefined;
  }

  #dispatch(): ServerSentEvent[] {
    const [event, data] = [this.#event, this.#data];
    this.#event = '';
    this.#data = [];
    return data.length > 0 ? [{ id: this.#id, event, data: data.join('\n') }] : [];
  }

  #take(line: string): void {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'data') this.#data.push(value);
    if (field === 'event') this.#event = value;
    if (field === 'id') this.#id = value;
  }
}
