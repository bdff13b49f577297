import { ApiError, ConnectionError } from './errors.js';
import { type ApiReply, readError, readReply } from './resources.js';
import { Deadline, pause } from './timers.js';

/** How a client reaches its server. */
export interface ClientOptions {
  /** Of the server; default http://127.0.0.1:8000, and in a browser the server that the page comes from. */
  url?: string;
  /** The key to the server, where it asks for one. A page that is signed in needs none. */
  key?: string;
  /** Sent with every request; what a proxy asks for, say. */
  headers?: Record<string, string>;
  /** Milliseconds within which an answer is expected, besides what a request is willing to wait; default 30,000. */
  requestTimeout?: number;
  /** How often a request is sent again that has failed in passing; default 3. `watch` and `waitFor` have no such end. */
  retries?: number;
  /**
   * Asked with every task that is enqueued for the W3C trace context it belongs to. In Node.js `currentTraceparent` of
   * `spoolite` is such a function; where `fetch` is instrumented none is needed.
   */
  traceparent?: () => string | null | undefined;
  /** Instead of the global `fetch`. */
  fetch?: typeof fetch;
}

const OPTION_NAMES: Record<keyof ClientOptions, true> = {
  url: true,
  key: true,
  headers: true,
  requestTimeout: true,
  retries: true,
  traceparent: true,
  fetch: true,
};

function requireAtLeast(least: number, name: 'requestTimeout' | 'retries', options: ClientOptions): void {
  const value: unknown = options[name];
  if (value === undefined || (typeof value === 'number' && value >= least)) return;
  throw new TypeError(`createClient: ${name} must be a number of ${least} or more, not ${String(value)}`);
}

/** The options as they are. Throws `TypeError` for one that is not known or cannot be. */
export function checkedOptions(options: ClientOptions | undefined): ClientOptions | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createClient takes an object of options');
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTION_NAMES, name));
  if (unknown !== undefined) {
    const known = Object.keys(OPTION_NAMES).join(', ');
    throw new TypeError(`createClient: "${unknown}" is not an option; there are ${known}`);
  }
  requireAtLeast(1, 'requestTimeout', options);
  requireAtLeast(0, 'retries', options);
  return options;
}

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  /** After `/api/queue`; or, beginning with `/api/`, all of it. */
  path: string;
  query?: QueryParameters;
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
const STREAM_OPEN_TIMEOUT_MS = 10_000;

/** Milliseconds within which it is heard again; a server says something every 15 seconds. */
const STREAM_SILENCE_TIMEOUT_MS = 45_000;

/** Where a server listens unless told otherwise; a page's own server needs no address. */
const defaultUrl = (): string => ('location' in globalThis ? '' : 'http://127.0.0.1:8000');

/** Throws for an address that is none; a path is one in a browser. */
function checkedUrl(url: string): string {
  if (url !== '' && !url.startsWith('/')) new URL(url);
  return url.replace(/\/+$/, '');
}

function mayRepeat({ method = 'GET', isRepeatable = method === 'GET' }: ApiRequest, error: unknown): boolean {
  return isRepeatable ? isTransient(error) : wasNotProcessed(error);
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
    this.#url = checkedUrl(url);
    this.#headers = { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...options.headers };
    this.#timeoutMs = requestTimeout;
    this.#retries = retries ?? DEFAULT_RETRIES;
    // Looked up with every request: a program may replace it later.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** Sends a request, again where its failure passes and that does no harm. Throws `ApiError`, `ConnectionError`. */
  async request(request: ApiRequest): Promise<ApiReply> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.send(request);
      } catch (error) {
        if (failures > this.#retries || !mayRepeat(request, error)) throw error;
        await pause(retryDelayMs(failures, error), request.signal);
      }
    }
  }

  /** Sends a request once, and reads the answer. */
  async send(request: ApiRequest): Promise<ApiReply> {
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
  async *stream(request: ApiRequest): AsyncGenerator<string, undefined> {
    const fetched = this.#prepared(request);
    const deadline = new Deadline(STREAM_OPEN_TIMEOUT_MS, request.signal);
    try {
      const response = await fetched(deadline.signal);
      if (response.status === 204) return;
      if (!isEventStream(response)) throw await readError(response);
      const decoder = new TextDecoder();
      const reader = response.body?.getReader();
      for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
        deadline.extend(STREAM_SILENCE_TIMEOUT_MS);
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
  }: ApiRequest): (signal: AbortSignal) => Promise<Response> {
    const type = body && { 'Content-Type': 'application/json' };
    const init = {
      method,
      headers: { ...this.#headers, ...headers, ...type },
      body: body && JSON.stringify(body),
    };
    const whole = path.startsWith('/api/') ? path : `/api/queue${path}`;
    return (signal) => this.#fetch(`${this.#url}${whole}${toQueryString(query)}`, { ...init, signal });
  }

  /** Whatever `fetch` throws, in our words. */
  #explained(error: unknown, { signal }: ApiRequest, deadline: Deadline): unknown {
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

const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 10_000;

/** What a proxy, or a server that is starting or busy, answers. */
const TRANSIENT_STATUSES = [429, 502, 503, 504];

/** True for a failure that passes by itself. */
export const isTransient = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof ApiError && TRANSIENT_STATUSES.includes(error.status));

/** True where the server has said that it did nothing: then even a write without a key can be sent again. */
export const wasNotProcessed = (error: unknown): boolean =>
  error instanceof ApiError && [429, 503].includes(error.status) && error.code !== null;

/**
 * Milliseconds to wait before the next attempt, after so many that failed: twice as many each time, and by chance up to
 * half as many again, so that clients whose server was away do not all come back at once. Never fewer than the server
 * has asked for.
 */
export function retryDelayMs(failures: number, error?: unknown, random: () => number = Math.random): number {
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const least = Math.max(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS), asked);
  return least * (1 + random() / 2);
}

/** Parameters of a query; those that are undefined or null are left out. */
export type QueryParameters = Record<string, string | number | null | undefined>;

/** `?a=1&b=2`, or nothing. Commas stay as they are: a thousand ids would not fit into a request line otherwise. */
export function toQueryString(parameters: QueryParameters = {}): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : [`${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`],
  );
  return given.length > 0 ? `?${given.join('&')}` : '';
}
