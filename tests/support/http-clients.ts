import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as after, setImmediate as turn } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { onTestEnd } from './cleanup.js';
import { until } from './waiting.js';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** As many connections as there are requests. */
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

/** A request that has been sent and may be answered much later. */
export class PendingRequest {
  readonly reply: Promise<Reply>;
  isAnswered = false;
  readonly #request: ClientRequest;

  constructor(url: string, headers: Record<string, string> = {}, method = 'GET') {
    this.#request = request(url, { method, headers, agent });
    this.#request.end();
    this.reply = this.#read();
    // Whoever hangs up does not ask for the reply.
    this.reply.catch(() => undefined);
  }

  hangUp(): void {
    this.#request.destroy();
  }

  async #read(): Promise<Reply> {
    const [response] = (await once(this.#request, 'response')) as [IncomingMessage];
    this.isAnswered = true;
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    return { status: response.statusCode as number, headers: response.headers, text };
  }
}

/** One connection that is kept open and used again and again, by one request after the other. */
export class KeepAliveClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Rejects with a system error when the connection is refused or breaks off. */
  async post(path: string, body: object): Promise<{ status: number; connection: string | undefined }> {
    const headers = { 'Content-Type': 'application/json' };
    const req = request(`${this.#url}${path}`, { method: 'POST', agent: this.#agent, headers });
    req.end(JSON.stringify(body));
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    res.resume();
    await once(res, 'end');
    return { status: res.statusCode as number, connection: res.headers.connection };
  }

  close(): void {
    this.#agent.destroy();
  }
}

export interface ServerEvent {
  id: string;
  event: string;
  /** A task resource. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
  data: any;
}

const streamAgent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

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
    this.#request = request(url, { headers, agent: streamAgent });
    this.#request.end();
    this.#request.on('error', () => this.#end());
    this.response = once(this.#request, 'response').then(([response]) => this.#receive(response));
    this.response.catch(() => undefined);
  }

  /** The next event that has not been asked for; rejects when the stream ends without. */
  async next(): Promise<ServerEvent> {
    while (this.events.length === 0) {
      if (this.isEnded) throw new Error('The stream has ended');
      await this.activity();
    }
    return this.events.shift() as ServerEvent;
  }

  /** Resolves when anything has come, or the stream has ended. */
  activity(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves when the stream has ended. */
  async end(): Promise<void> {
    while (!this.isEnded) await this.activity();
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

/** A connection that sends whatever a test wants, byte for byte, and gathers what comes back. */
export class RawClient {
  readonly socket: Socket;
  received = '';
  closed = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.received += text;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Closed when the test ends, if not before. */
  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    onTestEnd(() => socket.destroy());
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  write(text: string): void {
    this.socket.write(text, 'latin1');
  }

  has(text: string): Promise<void> {
    return until(() => this.received.includes(text), 30_000);
  }

  isClosed(): Promise<void> {
    return until(() => this.closed, 30_000);
  }

  /** The statuses that have come so far. */
  get statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }
}

/** What comes back for the text until the server closes the connection, which a request in it must ask for or cause. */
export async function rawReply(port: number, text: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.write(text);
  await client.isClosed();
  return client;
}

/** Has the connection closed after one more answer, which tells that all before it is answered. */
const GOODBYE =
  'GET /goodbye HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: goodbye\r\nConnection: close\r\n\r\n';

/** Turns of the event loop in which a server of this process reads, as a rule, what was sent to it. */
const TURNS = 4;

/**
 * Milliseconds after which a server that has not answered the goodbye takes it for the rest of something else. Only an
 * exchange whose last request was not answered waits for so long.
 */
const PATIENCE_MS = 500;

/**
 * Sends the pieces on one connection to a server of this very process, says goodbye, and ends. The next piece goes once
 * the one before is answered, or, where not each has an answer of its own, a moment later. Resolves to all that came
 * back until the connection was closed, byte for byte as latin1. Over TLS where there is an authority to trust.
 */
export async function rawExchange(
  port: number,
  pieces: readonly string[],
  next: 'once answered' | 'soon' = 'soon',
  ca?: Buffer,
): Promise<string> {
  const to = { port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true };
  const socket = ca ? connectTls({ ...to, ca }) : connect(to);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // A server that refuses a request may be gone while we still send.
  socket.on('error', () => undefined);
  let received = '';
  socket.setEncoding('latin1').on('data', (text) => {
    received += text;
  });
  socket.on('end', () => socket.destroy());
  await once(socket, ca ? 'secureConnect' : 'connect');
  for (const piece of pieces) {
    const before = received.length;
    socket.write(piece, 'latin1');
    if (next === 'once answered') await until(() => received.length > before);
    else for (let turns = 0; turns < TURNS; turns++) await turn();
  }
  socket.write(GOODBYE);
  // What was answered leaves nothing that the goodbye could be taken for, so it is answered too, and the connection closed.
  if (next === 'soon') await Promise.race([closed, after(PATIENCE_MS)]);
  else await closed;
  socket.end();
  await closed;
  return received;
}

/** The same without what differs from one answer to the next, or is the server's own: date, made-up ids, patience. */
export const normalised = (replies: string): string =>
  replies
    .replaceAll(/^Date: .+ GMT\r$/gm, 'Date: now\r')
    .replaceAll(/^Keep-Alive: timeout=\d+\r$/gm, 'Keep-Alive: timeout=some\r')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, 'a-uuid');
