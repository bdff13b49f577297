import { goneTask } from '../errors/task-not-found.js';
import type { TaskEvent } from '../queries.js';
import type { Connection, Request } from './connection.js';
import { EventParser } from './event-parser.js';
import { fromResource } from './from-resource.js';

/** Reads a stream of events, one connection after the other, and goes on where the last one was lost. */
export class EventReader<Task> {
  readonly #connection: Connection;
  readonly #request: Request;
  #cursor: string | undefined;

  /** Without a cursor the first connection begins where the server says. */
  constructor(connection: Connection, request: Request, cursor?: string) {
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
