import { DEFAULT_HEADERS } from '../../../src/http/begin-request.js';
import { resolved } from './api-document.js';
import { problemsBySchema } from './document-schemas.js';
import { documentedReplies } from './documented-operation.js';
import type { RecordedReply } from './recorded-reply.js';

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
