import { connect, type OnReadOpts, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import type { Load, LoadRequest, LoadResult } from './load.js';

function toBytes({ method, path, headers = {}, body = '' }: LoadRequest): Buffer {
  const all: Record<string, string> = { Host: 'localhost', ...headers };
  if (body) {
    all['Content-Type'] ??= 'application/json';
    all['Content-Length'] = String(Buffer.byteLength(body));
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

interface Lane {
  connection: HttpConnection;
  /** When the request under way fell due. */
  dueAt: number;
}

/** Milliseconds between two looks at what is due; also how late a paced request may be sent. */
const TICK_MS = 1;

/** One run of a load. */
export class LoadRun {
  readonly #load: Load;
  readonly #requests: Buffer[];
  readonly #free: Lane[] = [];
  readonly #all: Lane[] = [];
  /** When the requests that wait for a free connection fell due. */
  readonly #due: number[] = [];
  readonly #micros = createHistogram({ lowest: 1, highest: 600_000_000, figures: 3 });
  readonly #statuses: Record<number, number> = {};
  #sent = 0;
  #answers = 0;
  #endAt = 0;
  #finish: (() => void) | undefined;

  constructor(load: Load) {
    this.#load = load;
    this.#requests = load.requests.map(toBytes);
  }

  async run(): Promise<LoadResult> {
    this.#connect();
    const idle = performance.eventLoopUtilization();
    const start = performance.now();
    this.#endAt = start + this.#load.seconds * 1000;
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
      if (this.#load.perSecond) this.#pace(start, this.#load.perSecond);
      else for (const lane of this.#free.splice(0)) this.#send(lane, performance.now());
    });
    const seconds = (performance.now() - start) / 1000;
    const busy = performance.eventLoopUtilization(idle).utilization;
    for (const { connection } of this.#all) connection.close();
    return { ...this.#result(seconds), busy };
  }

  #connect(): void {
    const { hostname, port } = new URL(this.#load.address);
    for (let i = 0; i < this.#load.connections; i++) {
      const lane: Lane = {
        dueAt: 0,
        connection: new HttpConnection(hostname, Number(port), (status) => this.#answered(lane, status)),
      };
      this.#free.push(lane);
      this.#all.push(lane);
    }
  }

  #pace(start: number, perSecond: number): void {
    let planned = 0;
    const tick = setInterval(() => {
      const now = performance.now();
      const until = Math.floor(((Math.min(now, this.#endAt) - start) / 1000) * perSecond);
      for (; planned < until; planned++) this.#due.push(now);
      // In turn: a connection that is never asked is closed by the server.
      for (let lane = this.#free.shift(); lane; lane = this.#free.shift()) {
        const dueAt = this.#due.shift();
        if (dueAt === undefined) {
          this.#free.unshift(lane);
          break;
        }
        this.#send(lane, dueAt);
      }
      if (now >= this.#endAt) {
        clearInterval(tick);
        this.#finishWhenAnswered();
      }
    }, TICK_MS);
  }

  #send(lane: Lane, dueAt: number): void {
    lane.dueAt = dueAt;
    lane.connection.send(this.#requests[this.#sent++ % this.#requests.length] as Buffer);
  }

  #answered(lane: Lane, status: number): void {
    const now = performance.now();
    this.#answers++;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    this.#micros.record(Math.max(1, Math.round((now - lane.dueAt) * 1000)));
    if (status === 0) this.#finish?.();
    const paced = this.#load.perSecond !== undefined;
    const dueAt = paced ? this.#due.shift() : now;
    if (dueAt !== undefined && (paced || now < this.#endAt)) this.#send(lane, dueAt);
    else {
      this.#free.push(lane);
      this.#finishWhenAnswered();
    }
  }

  #finishWhenAnswered(): void {
    if (performance.now() >= this.#endAt && this.#free.length === this.#all.length) this.#finish?.();
  }

  #result(seconds: number): Omit<LoadResult, 'busy'> {
    const errors = Object.entries(this.#statuses).reduce(
      (sum, [status, count]) => (Number(status) >= 200 && Number(status) < 400 ? sum : sum + count),
      0,
    );
    const millis = (percentile: number) => this.#micros.percentile(percentile) / 1000;
    return {
      answers: this.#answers,
      seconds,
      perSecond: this.#answers / seconds,
      statuses: this.#statuses,
      errors,
      p50: millis(50),
      p99: millis(99),
      max: this.#micros.max / 1000,
    };
  }
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: (\d+)/i;
const NO_BODY = new Set([204, 304]);
/** HEAD is the only method that begins with it. */
const LETTER_H = 'H'.charCodeAt(0);

/** One buffer for all connections: what comes in is looked at before the next connection is read. */
const READ_INTO = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * One kept-alive connection with at most one request under way. Reads just as much of HTTP as is needed to see where
 * an answer ends, so that the load costs less than what it is put on.
 */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #onAnswer: (status: number) => void;
  /** Of an answer of which not even the head is there. */
  #head: Buffer | null = null;
  #status = 0;
  /** Whether the request under way is a HEAD, whose answer has a length and no body. */
  #isHead = false;
  /** Bytes of the answer's body that are still to come. */
  #missing = 0;

  /** Calls `onAnswer` with the status of each answer, or with 0 when the connection breaks. */
  constructor(host: string, port: number, onAnswer: (status: number) => void) {
    this.#onAnswer = onAnswer;
    const onread: OnReadOpts = {
      buffer: READ_INTO,
      callback: (bytes, buffer) => this.#receive((buffer as Buffer).subarray(0, bytes)),
    };
    this.#socket = connect({ host, port, noDelay: true, onread });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => onAnswer(0));
  }

  send(request: Buffer): void {
    this.#isHead = request[0] === LETTER_H;
    this.#socket.write(request);
  }

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  /** Returns true: go on reading. */
  #receive(chunk: Buffer): true {
    if (this.#missing > 0) this.#missing -= chunk.length;
    else if (!this.#beginAnswer(chunk)) return true;
    if (this.#missing === 0) this.#onAnswer(this.#status);
    return true;
  }

  /** False when the head is not there as a whole. */
  #beginAnswer(chunk: Buffer): boolean {
    const bytes = this.#head ? Buffer.concat([this.#head, chunk]) : chunk;
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1) {
      this.#head = Buffer.from(bytes);
      return false;
    }
    this.#head = null;
    const head = bytes.toString('latin1', 0, headEnd);
    this.#status = Number(head.slice(9, 12));
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined && !NO_BODY.has(this.#status))
      throw new Error(`An answer without its length: ${head}`);
    this.#missing = headEnd + HEAD_END.length + (this.#isHead ? 0 : Number(length ?? 0)) - bytes.length;
    return true;
  }
}
