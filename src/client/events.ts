import { type ApiRequest, type Connection, isTransient, retryDelayMs } from './connection.js';
import { goneTask } from './errors.js';
import type { EventsQuery, TaskEvent } from './queries.js';
import { fromResource } from './resources.js';
import { pause } from './timers.js';

/** Reads an event stream over successive connections, each resuming where the last one was lost. */
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

  /** The last revision received; undefined before the first. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /**
   * The events of one connection. `onOpen` is called once it is open. Throws `TaskNotFound` when its task is deleted.
   */
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

/** Endless events: reconnects whenever the connection is lost, without missing any. */
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

export interface ServerSentEvent {
  /** The cursor to resume after this event. */
  id: string;
  /** Empty without one. */
  event: string;
  data: string;
}

/**
 * Parses server-sent events from chunks of text. An `id` counts even without data: a stream begins with one, and sends
 * one for events that its filter has skipped.
 */
export class EventParser {
  #rest = '';
  #data: string[] = [];
  #event = '';
  #id: string;

  /** `id` is the last one seen before. */
  constructor(id = '') {
    this.#id = id;
  }

  /** The last id received. */
  get id(): string {
    return this.#id;
  }

  /** The events completed by this chunk. */
  *feed(piece: string): Generator<ServerSentEvent, undefined> {
    // A trailing carriage return may be half of a line end.
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
