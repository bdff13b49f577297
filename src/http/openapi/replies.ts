import type { Example, Reply } from '../route-docs.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { type JsonSchema, schemaRef } from './json-schema.js';
import type { ReplyHeader } from './reply-headers.js';

export const arrayOf = (name: string): JsonSchema => ({ type: 'array', items: schemaRef(name) });

type Body = JsonSchema | string;

const examplesOf = (examples: Readonly<Record<string, unknown>>): Record<string, Example> =>
  Object.fromEntries(
    Object.entries(examples).map(([summary, value]) => [
      summary.toLowerCase().replaceAll(/[^a-z]+/g, '-'),
      { summary, value },
    ]),
  );

/** A JSON answer. The body is a schema or the name of one; examples go by what they show. */
export const jsonReply = (
  description: string,
  body: Body,
  examples: Readonly<Record<string, unknown>>,
  headers: readonly ReplyHeader[] = [],
): Reply => ({
  description,
  headers,
  content: { schema: typeof body === 'string' ? schemaRef(body) : body, examples: examplesOf(examples) },
});

/** An answer that says nothing beyond its status. */
export const emptyReply = (description: string, headers: readonly ReplyHeader[] = []): Reply => ({
  description,
  headers,
});

const STREAM = `retry: 1000
id: 4710

id: 4711
event: task
data: ${JSON.stringify(EXAMPLE_TASKS.processing)}

`;

/** Server-sent events, each of them a task. */
export const eventReply = (description: string): Reply => ({
  description: `${description} Each event is named \`task\`; its \`id\` is a cursor and its \`data\` a \`Task\`. A comment comes every 15 seconds.`,
  headers: ['XAccelBuffering'],
  content: {
    mediaType: 'text/event-stream',
    schema: { type: 'string', description: 'Server-sent events, whose `data` is a `Task`.' },
    examples: examplesOf({ 'A change': STREAM }),
  },
});

export const examples = examplesOf;
