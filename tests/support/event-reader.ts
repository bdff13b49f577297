import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';

export interface ServerEvent {
  id: string;
  event: string;
  /** A task resource. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
  data: any;
}

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

/** Reads server-sent events as a browser's EventSource does, one connection's worth of them. */
export class EventReader {
  readonly #request: ClientRequest;
  readonly response: Promise<IncomingMessage>;
  readonly events: ServerEvent[] = [];
  readonly comments: string[] = [];
  /** What a browser would send as `Last-Event-ID`. */
  lastEventId = '';
  retry = '';
  isEnded = false;
  #wake: () => void = () => undefined;
  #rest = '';

  constructor(url: string, headers: Record<string, string> = {}) {
    this.#request = request(url, { headers, agent });
    this.#request.end();
    this.#request.on('error', () => this.#end());
    this.response = once(this.#request, 'response').then(([response]) => this.#receive(response));
    this.response.catch(() => undefined);
  }

  /** The next event that has not been asked for; rejects when the stream ends without. */
  async next(): Promise<ServerEvent> {
    while (this.events.length === 0) {
      if (this.isEnded) throw new Error('The stream has ended');
      await this.news();
    }
    return this.events.shift() as ServerEvent;
  }

  /** Resolves when anything has come, or the stream has ended. */
  news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when the stream has ended. */
  async end(): Promise<void> {
    while (!this.isEnded) await this.news();
  }

  hangUp(): void {
    this.#request.destroy();
  }

  #receive(response: IncomingMessage): IncomingMessage {
    response.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    response.on('close', () => this.#end());
    return response;
  }

  #end(): void {
    this.isEnded = true;
    this.#wake();
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() as string;
    for (const block of blocks) this.#dispatch(block.split('\n'));
    this.#wake();
  }

  #dispatch(lines: string[]): void {
    const fields = new Map<string, string>();
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (name === '') this.comments.push(value);
      else fields.set(name, value);
    }
    this.lastEventId = fields.get('id') ?? this.lastEventId;
    this.retry = fields.get('retry') ?? this.retry;
    const data = fields.get('data');
    const event = fields.get('event') ?? 'message';
    if (data !== undefined) this.events.push({ id: this.lastEventId, event, data: JSON.parse(data) });
  }
}
