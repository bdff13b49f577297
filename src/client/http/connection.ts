import type { ClientOptions } from '../client-options.js';
import { Deadline } from '../deadline.js';
import { ApiError } from '../errors/api-error.js';
import { ConnectionError } from '../errors/connection-error.js';
import { pause } from '../pause.js';
import { didNothing, isPassing, patienceMs } from './patience.js';
import { type Reply, readReply, refusal } from './read-reply.js';
import { type Parameters, searchOf } from './search.js';

export interface Request {
  method?: 'GET' | 'POST' | 'DELETE';
  /** After `/api/queue`; or, beginning with `/api/`, all of it. */
  path: string;
  query?: Parameters;
  headers?: Record<string, string>;
  body?: object;
  /** True where sending it twice does what sending it once does; default for `GET`. */
  isRepeatable?: boolean;
  /** How long the server may hold the answer back, as it was told. */
  waitSeconds?: number;
  signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 3;

/** Milliseconds within which a stream is heard for the first time; a proxy that holds it back is found out by that. */
const OPENING_MS = 10_000;

/** Milliseconds within which it is heard again; a server says something every 15 seconds. */
const SILENCE_MS = 45_000;

/** Where a server listens unless told otherwise; a page's own server needs no address. */
const defaultUrl = (): string => ('location' in globalThis ? '' : 'http://127.0.0.1:8000');

/** Throws for an address that is none; a path is one in a browser. */
function checked(url: string): string {
  if (url !== '' && !url.startsWith('/')) new URL(url);
  return url.replace(/\/+$/, '');
}

function mayRepeat({ method = 'GET', isRepeatable = method === 'GET' }: Request, error: unknown): boolean {
  return isRepeatable ? isPassing(error) : didNothing(error);
}

const isEventStream = ({ ok, headers }: Response): boolean =>
  ok && (headers.get('Content-Type') ?? '').startsWith('text/event-stream');

/** Sends requests to one server. */
export class Connection {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;
  readonly #retries: number;

  /** Throws `TypeError` for an impossible address. */
  constructor(options: ClientOptions) {
    const { url = defaultUrl(), key, requestTimeout = DEFAULT_TIMEOUT_MS, retries } = options;
    this.#url = checked(url);
    this.#headers = { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...options.headers };
    this.#timeoutMs = requestTimeout;
    this.#retries = retries ?? DEFAULT_RETRIES;
    // Looked up with every request: a program may replace it later.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** Sends a request, again where its failure passes and that does no harm. Throws `ApiError`, `ConnectionError`. */
  async request(request: Request): Promise<Reply> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.send(request);
      } catch (error) {
        if (failures > this.#retries || !mayRepeat(request, error)) throw error;
        await pause(patienceMs(failures, error), request.signal);
      }
    }
  }

  /** Sends a request once, and reads the answer. */
  async send(request: Request): Promise<Reply> {
    const fetched = this.#prepared(request);
    const { waitSeconds = 0, signal } = request;
    const deadline = new Deadline(this.#timeoutMs + waitSeconds * 1000, signal);
    try {
      return await readReply(await fetched(deadline.signal));
    } catch (error) {
      throw this.#explained(error, request, deadline);
    } finally {
      deadline.end();
    }
  }

  /**
   * The text of an event stream as it comes, until it ends. Where nothing is heard of it in time it counts as lost.
   */
  async *stream(request: Request): AsyncGenerator<string, undefined> {
    const fetched = this.#prepared(request);
    const deadline = new Deadline(OPENING_MS, request.signal);
    try {
      const response = await fetched(deadline.signal);
      if (response.status === 204) return;
      if (!isEventStream(response)) throw await refusal(response);
      const decoder = new TextDecoder();
      const reader = response.body?.getReader();
      for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
        deadline.extend(SILENCE_MS);
        yield decoder.decode(read.value, { stream: true });
      }
    } catch (error) {
      throw this.#explained(error, request, deadline);
    } finally {
      deadline.abort();
    }
  }

  /** Throws `TypeError` for a body that JSON cannot say. */
  #prepared({
    method = 'GET',
    path,
    query,
    headers,
    body,
  }: Request): (signal: AbortSignal) => Promise<Response> {
    const type = body && { 'Content-Type': 'application/json' };
    const init = {
      method,
      headers: { ...this.#headers, ...headers, ...type },
      body: body && JSON.stringify(body),
    };
    const whole = path.startsWith('/api/') ? path : `/api/queue${path}`;
    return (signal) => this.#fetch(`${this.#url}${whole}${searchOf(query)}`, { ...init, signal });
  }

  /** Whatever `fetch` throws, in our words. */
  #explained(error: unknown, { signal }: Request, deadline: Deadline): unknown {
    if (signal?.aborted) return signal.reason;
    if (deadline.isOver)
      return new ConnectionError(`${this.#where} does not answer`, this.#url, { cause: error });
    if (error instanceof ApiError) return error;
    return new ConnectionError(`No connection to ${this.#where}: ${reasonOf(error)}`, this.#url, {
      cause: error,
    });
  }

  get #where(): string {
    return this.#url === '' ? 'the server' : this.#url;
  }
}

/** In Node.js the reason is a level deeper than in browsers, and for a host with several addresses it has only a code. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}
