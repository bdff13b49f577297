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
