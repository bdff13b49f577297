import type { RequestHead } from '../auth/exchange.js';

/** Longer requests are left to node: far below its own limit, so that nothing passes that node would refuse. */
const MAX_BYTES = 4096;

const REQUEST_LINE = /^GET (\/[\x21-\x7e]*) HTTP\/1\.1$/;

/** Header lines of a token, a colon, at most one space and visible ASCII, none continued; then the empty line. */
const HEADER_LINES = /^(?:[!#$%&'*+.^_`|~\w-]+: ?(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?\r\n)+\r\n$/;

/** Headers that change how a message or its connection is read. */
const NOT_PLAIN = new Set([
  'content-length',
  'expect',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

type Headers = Record<string, string>;

/** The headers of a plain request; null for any other. Repeated names are left to node. */
function plainHeaders(lines: string): Headers | null {
  if (!HEADER_LINES.test(lines)) return null;
  const headers: Headers = Object.create(null);
  const last = lines.length - 2;
  for (let at = 0, end = 0; at < last; at = end + 2) {
    end = lines.indexOf('\r\n', at);
    const colon = lines.indexOf(':', at);
    const name = lines.slice(at, colon).toLowerCase();
    if (NOT_PLAIN.has(name) || name in headers) return null;
    headers[name] = lines.slice(colon + 1, end).trim();
  }
  if (headers.host === undefined) return null;
  return (headers.connection ?? 'keep-alive').toLowerCase() === 'keep-alive' ? headers : null;
}

/**
 * Reads the plain requests of one connection: a GET by a path, in the strictest form of HTTP/1.1, without a body, on a
 * persistent connection. Nothing ambiguous passes.
 */
export class RawRequestReader {
  readonly #socket: RequestHead['socket'];
  /** The last header lines and their parsed form: a polling client repeats them. */
  #lines = '';
  #headers: Headers | null = null;

  constructor(socket: RequestHead['socket']) {
    this.#socket = socket;
  }

  /** The request, if the bytes are exactly one plain request. Null for anything else, valid or not. */
  read(bytes: Buffer): RequestHead | null {
    if (bytes.length > MAX_BYTES) return null;
    const text = bytes.toString('latin1');
    const end = text.indexOf('\r\n');
    const url = REQUEST_LINE.exec(text.slice(0, Math.max(end, 0)))?.[1];
    if (url === undefined) return null;
    const lines = text.slice(end + 2);
    if (lines !== this.#lines) {
      this.#lines = lines;
      this.#headers = plainHeaders(lines);
    }
    return this.#headers && { method: 'GET', url, headers: this.#headers, socket: this.#socket };
  }
}
