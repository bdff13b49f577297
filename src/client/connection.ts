import { ApiError, ConnectionError } from './errors.js';
import { type ApiReply, readError, readReply } from './resources.js';
import { Deadline, pause } from './timers.js';

/** How a client connects to its server. */
export interface ClientOptions {
  /** Default http://127.0.0.1:8000; in a browser, the page's own server. */
  url?: string;
  /** The API key, if the server requires one. A signed-in page needs none. */
  key?: string;
  /** Sent with every request; required by a proxy, for example. */
  headers?: Record<string, string>;
  /** Milliseconds until a request times out, in addition to its long-poll wait; default 30,000. */
  requestTimeout?: number;
  /** Retries of a request after a transient failure; default 3. `watch` and `waitFor` retry without limit. */
  retries?: number;
  /**
   * Called for every enqueued task; returns its W3C trace context. In Node.js `currentTraceparent` of `spoolite` is
   * such a function; unnecessary if `fetch` is instrumented.
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

/** The options, unchanged. Throws `TypeError` for unknown or invalid ones. */
export function checkedOptions(options: ClientOptions | undefined): ClientOptions | undefined {
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null)
    throw new TypeError('createClient takes an object of options');
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(OPTION_NAMES, name));
  if (unknown !== undefined) {
    const known = Object.keys(OPTION_NAMES).join(', ');
    throw new TypeError(`createClient: "${unknown}" is not an option; the options are ${known}`);
  }
  requireAtLeast(1, 'requestTimeout', options);
  requireAtLeast(0, 'retries', options);
  return options;
}

export interface ApiRequest {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Relative to `/api/queue`; absolute if it begins with `/api/`. */
  path: string;
  query?: QueryParameters;
  headers?: Record<string, string>;
  body?: object;
  /** True if the request is idempotent; default for `GET`. */
  isRepeatable?: boolean;
  /** The long-poll wait of the request. */
  waitSeconds?: number;
  signal?: AbortSignal;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 3;

/** Milliseconds until the first data of a stream; reveals a proxy that buffers it. */
const STREAM_OPEN_TIMEOUT_MS = 10_000;

/** Milliseconds between data of a stream; a server sends a heartbeat every 15 seconds. */
const STREAM_SILENCE_TIMEOUT_MS = 45_000;

/** The default address of a server; a page's own server needs none. */
const defaultUrl = (): string => ('location' in globalThis ? '' : 'http://127.0.0.1:8000');

/** Throws for an invalid URL; in a browser a path is valid. */
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

  /** Throws `TypeError` for an invalid URL. */
  constructor(options: ClientOptions) {
    const { url = defaultUrl(), key, requestTimeout = DEFAULT_TIMEOUT_MS, retries } = options;
    this.#url = checkedUrl(url);
    this.#headers = { ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...options.headers };
    this.#timeoutMs = requestTimeout;
    this.#retries = retries ?? DEFAULT_RETRIES;
    // Looked up with every request: a program may replace it later.
    this.#fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /**
   * Sends a request, and retries it after a transient failure if that is safe. Throws `ApiError`, `ConnectionError`.
   */
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

  /** Sends a request once, and reads the reply. */
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

  /** The text of an event stream as it arrives, until it ends. Throws if it is silent for too long. */
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

  /** Throws `TypeError` for a body that JSON cannot represent. */
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

  /** Converts any error of `fetch` to ours. */
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

/**
 * In Node.js the reason is one level deeper than in browsers, and for a host with several addresses it has only a code.
 */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message;
}

const FIRST_RETRY_MS = 200;
const MAX_RETRY_MS = 10_000;

/** Replies of a proxy, or of a server that is starting or busy. */
const TRANSIENT_STATUSES = [429, 502, 503, 504];

/** True for a failure that may pass by itself. */
export const isTransient = (error: unknown): boolean =>
  error instanceof ConnectionError ||
  (error instanceof ApiError && TRANSIENT_STATUSES.includes(error.status));

/** True if the server processed nothing: then even a write without a key can be repeated. */
export const wasNotProcessed = (error: unknown): boolean =>
  error instanceof ApiError && [429, 503].includes(error.status) && error.code !== null;

/**
 * Backoff in milliseconds after this many failures: doubled each time, with up to half as much jitter, so that clients
 * of a restarted server do not all return at once. Never less than the server's `Retry-After`.
 */
export function retryDelayMs(failures: number, error?: unknown, random: () => number = Math.random): number {
  const asked = error instanceof ApiError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
  const least = Math.max(Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), MAX_RETRY_MS), asked);
  return least * (1 + random() / 2);
}

/** Parameters of a query; undefined and null ones are left out. */
export type QueryParameters = Record<string, string | number | null | undefined>;

/** `?a=1&b=2`, or nothing. Commas stay unencoded: a thousand ids would not fit into a request line otherwise. */
export function toQueryString(parameters: QueryParameters = {}): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === null
      ? []
      : [`${name}=${encodeURIComponent(value).replaceAll('%2C', ',')}`],
  );
  return given.length > 0 ? `?${given.join('&')}` : '';
}
