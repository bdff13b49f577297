import type { RequestHead } from '../request-head.js';

/** Bytes of the longest request that is read here; far below node's own limit, so that nothing passes which node refuses. */
const MAX_BYTES = 4096;

/**
 * One whole GET and nothing else, in the strictest form that HTTP/1.1 has: one space between the parts of the request
 * line, header lines of a token, a colon, at most one space and visible ASCII, no line continued, no end of line but CRLF.
 */
const HEAD =
  /^GET ([\x21-\x7e]+) HTTP\/1\.1\r\n((?:[!#$%&'*+.^_`|~\w-]+: ?(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?\r\n)+)\r\n$/;

/** Headers of a request that is more than a question and its answer. */
const NOT_PLAIN = new Set([
  'content-length',
  'expect',
  'prefer',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Headers that say something to us; one that comes twice is for node to judge. */
const READ = new Set(['connection', 'host', 'if-none-match', 'x-request-id']);

interface Headers {
  host?: string;
  connection?: string;
  'if-none-match'?: string;
  'x-request-id'?: string;
}

/** The headers that we read, from lines each with its CRLF; null where they are not those of a plain request. */
function headersIn(lines: string): Headers | null {
  const headers: Record<string, string> = {};
  for (let at = 0, end = 0; at < lines.length; at = end + 2) {
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

/**
 * The request, if the bytes are exactly one and it is plain: nothing that could be understood in two ways, no body, and
 * a connection that stays. Null for all else, which is not to say that it is wrong.
 */
export function plainRequest(bytes: Buffer): RequestHead | null {
  if (bytes.length > MAX_BYTES) return null;
  const [, url, lines] = HEAD.exec(bytes.toString('latin1')) ?? [];
  if (lines === undefined) return null;
  const headers = headersIn(lines);
  if (headers?.host === undefined) return null;
  if (headers.connection !== undefined && headers.connection.toLowerCase() !== 'keep-alive') return null;
  return { method: 'GET', url, headers };
}
