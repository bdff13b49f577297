import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterAll, afterEach } from '@jest/globals';
import { DEFAULT_HEADERS, hasOneHost } from '../../src/http/begin-request.js';
import { documentedReplies, problemsBySchema, resolved } from './api-document.js';

/** Answers that were not what the document says, since the last test ended. */
let violations: string[] = [];

/** The API, every answer of which must be as its document says, or the test in which it was given fails. */
export function conforming(listener: RequestListener): RequestListener {
  return (req, res) => {
    // What a browser asks before a page's request is answered for all of the API alike.
    const isPreflight = req.headers['access-control-request-method'] !== undefined;
    // As what is refused by node's http server, it is no request of the API yet.
    const isRefused = !hasOneHost(req);
    recordReply(req, res, (reply) => {
      if (isPreflight || isRefused) return;
      const { method, path, status } = reply;
      for (const problem of conformanceProblems(reply))
        violations.push(`${method} ${path} (${status}): undocumented: ${problem}`);
    });
    listener(req, res);
  };
}

function throwViolations(): void {
  const found = violations;
  violations = [];
  if (found.length > 0) throw new Error(`Answers differ from /openapi.json:\n${found.join('\n')}`);
}

afterEach(throwViolations);
// Those of a reply that ended after its test.
afterAll(throwViolations);

// biome-ignore lint/suspicious/noExplicitAny: as in the document
type Part = any;

/** Headers that say how an answer is sent, and those that keep browsers out, which every answer has. */
const UNSAID = new Set([
  'content-type',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'date',
  // Where pages of other origins may ask.
  'vary',
  'access-control-allow-origin',
  'access-control-expose-headers',
  ...Object.keys(DEFAULT_HEADERS).map((name) => name.toLowerCase()),
]);

const TASK = { $ref: '#/components/schemas/Task' };

function headerProblems({ headers }: RecordedReply, documented: Record<string, Part> = {}): string[] {
  const known = Object.entries(documented).map(([name, header]) => [name.toLowerCase(), resolved(header)]);
  const names = known.map(([name]) => name as string);
  const unknown = Object.keys(headers).filter((name) => !UNSAID.has(name) && !names.includes(name));
  return [
    ...unknown.map((name) => `has the header ${name}`),
    ...known.flatMap(([name, { required, schema }]) => {
      const value = headers[name];
      if (value === undefined) return required ? [`has no header ${name}`] : [];
      const problems = schema ? problemsBySchema(schema, asDocumented(schema, value)) : [];
      return problems.map((problem) => `header ${name}: ${problem}`);
    }),
  ];
}

const asDocumented = ({ type }: Part, value: unknown): unknown =>
  type === 'integer' ? Number(value) : String(value);

/** All that is said of a task which is gone. */
const GONE = { type: 'object', properties: { task_id: { type: 'integer' } }, required: ['task_id'] };

/** The problems of an event stream, as far as events are whole. */
const eventProblems = (body: string): string[] =>
  body
    .split('\n\n')
    .slice(0, -1)
    .flatMap((event) => {
      const isGone = event.includes('\nevent: gone\n');
      return eventData(event).flatMap((data) => jsonProblems(isGone ? GONE : TASK, data));
    });

const eventData = (event: string): string[] =>
  event
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));

function jsonProblems(schema: object, text: string): string[] {
  try {
    return problemsBySchema(schema, JSON.parse(text));
  } catch (error) {
    return [`is not JSON: ${(error as Error).message}`];
  }
}

function bodyProblems({ headers, body, isWhole }: RecordedReply, content: Record<string, Part>): string[] {
  const [mediaType = ''] = String(headers['content-type'] ?? '').split(';');
  const documented = content[mediaType];
  if (!documented) return [`has the content type ${mediaType || 'none'}`];
  if (body === null) return [];
  if (mediaType === 'text/event-stream') return eventProblems(body);
  if (!isWhole) return [];
  return mediaType.includes('json')
    ? jsonProblems(documented.schema, body)
    : problemsBySchema(documented.schema, body);
}

function emptyBodyProblems({ method, headers, body }: RecordedReply): string[] {
  if (method === 'HEAD') return [];
  return [
    ...(body ? ['has a body'] : []),
    ...(headers['content-type'] === undefined ? [] : ['has a content type']),
  ];
}

/** In what a reply is not what the API's document says; empty where it is, and for what is no part of the API. */
export function conformanceProblems(reply: RecordedReply): string[] {
  const replies = documentedReplies(reply.method, reply.path);
  if (!replies) return [];
  const documented = replies[reply.status];
  if (!documented) return [`has the status ${reply.status}`];
  const { headers, content } = documented;
  return [
    ...headerProblems(reply, headers),
    ...(content && reply.method !== 'HEAD' ? bodyProblems(reply, content) : emptyBodyProblems(reply)),
  ];
}

/** What a server has answered to a request. */
export interface RecordedReply {
  method: string;
  path: string;
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Null where it is too long to be kept. */
  body: string | null;
  /** False where the client hung up before the end. */
  isWhole: boolean;
}

/** Bytes of a body that are kept. */
const MAX_BODY = 4 * 1024 * 1024;

/** The headers as they were sent, however they came to be. */
function sentHeaders(res: ServerResponse): Record<string, string> {
  const { _header: head } = res as ServerResponse & { _header: string };
  const [, ...lines] = head.trimEnd().split('\r\n');
  const entries = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return Object.fromEntries(entries);
}

/** Hands over every reply once it is over, whoever asked and by whatever means. */
export function recordReply(
  req: IncomingMessage,
  res: ServerResponse,
  onReply: (reply: RecordedReply) => void,
): void {
  const { method = '', url = '' } = req;
  const chunks: Buffer[] = [];
  let size = 0;
  const keep = (chunk: unknown) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const bytes = Buffer.from(chunk as string);
    size += bytes.length;
    if (size <= MAX_BODY) chunks.push(bytes);
  };
  const { write, end } = res;
  res.write = (...args: unknown[]) => {
    keep(args[0]);
    return write.apply(res, args as never);
  };
  res.end = (...args: unknown[]) => {
    keep(args[0]);
    return end.apply(res, args as never);
  };
  let isReported = false;
  const report = () => {
    if (!res.headersSent || isReported) return;
    isReported = true;
    onReply({
      method,
      path: url.split('?')[0] as string,
      status: res.statusCode,
      headers: sentHeaders(res),
      body: size > MAX_BODY ? null : Buffer.concat(chunks).toString('utf8'),
      isWhole: res.writableFinished,
    });
  };
  // Sent, or given up by the client.
  res.once('finish', report).once('close', report);
}
