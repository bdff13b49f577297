import type { Reply } from '../route-docs.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { examples } from './examples.js';
import { type JsonSchema, schemaRef } from './json-schema.js';
import type { ReplyHeader } from './reply-headers.js';

type Body = JsonSchema | string;

/** A JSON answer. The body is a schema or the name of one; examples go by what they show. */
export const jsonReply = (
  description: string,
  body: Body,
  bodies: Readonly<Record<string, unknown>>,
  headers: readonly ReplyHeader[] = [],
): Reply => ({
  description,
  headers,
  content: { schema: typeof body === 'string' ? schemaRef(body) : body, examples: examples(bodies) },
});

/** An answer that says nothing beyond its status. */
export const emptyReply = (description: string, headers: readonly ReplyHeader[] = []): Reply => ({
  description,
  headers,
});

interface TextOptions {
  mediaType: string;
  /** Another type that the same may have, where the client likes that better. */
  alsoAs?: string;
  headers?: readonly ReplyHeader[];
}

/** An answer that is text for another program. */
export const textReply = (
  description: string,
  content: string,
  bodies: Readonly<Record<string, string>>,
  { headers = [], ...types }: TextOptions,
): Reply => ({
  description,
  headers,
  content: { ...types, schema: { type: 'string', description: content }, examples: examples(bodies) },
});

const STREAM = `retry: 1000
id: 4710

id: 4711
event: task
data: ${JSON.stringify(EXAMPLE_TASKS.processing)}

`;

/** Server-sent events, each of them a task. */
export const eventReply = (description: string): Reply => ({
  description: `${description} Each event is named \`task\`; its \`id\` is a cursor and its \`data\` a \`Task\`. Of one task there may be a last event named \`gone\`, whose \`data\` has nothing but its \`task_id\`. A comment comes every 15 seconds.`,
  headers: ['XAccelBuffering'],
  content: {
    mediaType: 'text/event-stream',
    schema: { type: 'string', description: 'Server-sent events, whose `data` is a `Task`.' },
    examples: examples({ 'A change': STREAM }),
  },
});
