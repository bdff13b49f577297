import type { JsonSchema } from '../openapi/json-schema.js';
import { number, resource, text } from './fields.js';

export const checksSchema: JsonSchema = {
  type: 'object',
  description: 'The outcome of each check: `ok`, or what is wrong.',
  additionalProperties: { type: 'string' },
};

export const healthSchema = resource('A process that lives.', {
  status: text('Always `ok`.', { const: 'ok' }),
  version: text('Its version of Spoolite.'),
  uptime_seconds: number('How long it has been running.'),
});

export const readinessSchema = resource('A server that can do its work.', {
  status: text('Always `ready`.', { const: 'ready' }),
  checks: checksSchema,
});
