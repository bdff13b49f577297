import type { RequestHead } from '../auth/exchange.js';

/** Bytes of the longest request that is read here; far below node's own limit, so that nothing passes which node refuses. */
const MAX_BYTES = 4096;

const REQUEST_LINE = /^GET ([\x21-\x7e]+) HTTP\/1\.1$/;

/** Header lines of a token, a colon, at most one space and visible ASCII, none continued; the empty line ends all. */
const HEADER_LINES = /^(?:[!#$%&'*+.^_`|~\w-]+: ?(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?\r\n)+\r\n$/;

/** Headers of a request that is more than a question and its answer. */
const NOT_PLAIN = new Set([
  'content-length',
  'cookie',
  'expect',
  'origin',
  'prefer',
  'proxy-connection',
  'sec-fetch-site',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that say something to us; one that comes twice is for node to judge. */
const READ = new Set([
  'authorization',
  'connection',
  'host',
  'if-none-match',
  'x-api-key',
  'x-forwarded-for',
  'x-request-id',
]);

interface Headers {
  authorization?: string;
  host?: string;
  connection?: string;
  'x-api-key'?: string;
  'x-forwarded-for'?: string;
  'if-none-match'?: string;
  'x-request-id'?: string;
}

/** The headers that we read, from well-formed lines; null where there is one that is not for us, or twice. */
function fieldsOf(lines: string): Headers | null {
  const headers: Record<string, string> = {};
  const last = lines.length - 2;
  for (let at = 0, end = 0; at < last; at = end + 2) {
    end = lines.indexOf('\r\n', at);
    const colon = lines.indexOf(':', at);
    const name = lines.slice(at, colon).toLowerCase();
    if (NOT_PLAIN.has(name)) return null;
    if (!READ.has(name)) continue;
    if (name in headers) return null;
    headers[name] = lines.slice(colon + 1, end).trim();
  }
  return headers;
}

/** The headers of a plain request; null for those of any other. */
function plainHeaders(lines: string): Headers | null {
  const headers = HEADER_LINES.test(lines) ? fieldsOf(lines) : null;
  if (headers?.host === undefined) return null;
  const { connection = 'keep-alive' } = headers;
  return connection.toLowerCase() === 'keep-alive' ? headers : null;
}

/**
 * Reads plain requests of one connection: one GET and nothing else, in the strictest form that HTTP/1.1 has, without a
 * body, on a connection that stays. Nothing passes that could be understood in two ways.
 */
export class PlainRequestReader {
  readonly #socket: RequestHead['socket'];
  /** The lines that were read last, and what is in them: a client that polls sends the same ones again and again. */
  #lines = '';
  #headers: Headers | null = null;

  constructor(socket: RequestHead['socket']) {
    this.#socket = socket;
  }

  /** The request, if the bytes are exactly one and it is plain. Null for all else, which is not to say that it is wrong. */
  read(bytes: Buffer): RequestHead | null {
    if (bytes.length > MAX_BYTES) return null;
    const text = bytes.toString('latin1');
    const end = text.indexOf('\r\n');
    const url = REQUEST_LINE.exec(text.slice(0, Math.max(end, 0)))?.[1];
    if (url === undefined) return null;
    const headers = this.#headersIn(text.slice(end + 2));
    return headers && { method: 'GET', url, headers, socket: this.#socket };
  }

  #headersIn(lines: string): Headers | null {
    if (lines !== this.#lines) {
      this.#lines = lines;
      this.#headers = plainHeaders(lines);
    }
    return this.#headers;
  }
}
