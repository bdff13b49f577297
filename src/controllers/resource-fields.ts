import type { JsonSchema } from './route.js';

/** Builders for the schemas of resources. */

export const text = (description: string, rest: JsonSchema = {}): JsonSchema => ({
  type: 'string',
  description,
  ...rest,
});

export const integer = (description: string, rest: JsonSchema = {}): JsonSchema => ({
  type: 'integer',
  description,
  minimum: 0,
  ...rest,
});

export const number = (description: string, rest: JsonSchema = {}): JsonSchema => ({
  type: 'number',
  description,
  minimum: 0,
  ...rest,
});

export const flag = (description: string): JsonSchema => ({ type: 'boolean', description });

/** An object with arbitrary members. */
export const object = (description: string): JsonSchema => ({
  type: 'object',
  description,
  additionalProperties: true,
});

export const anything = (description: string): JsonSchema => ({ description });

export const instant = (description: string): JsonSchema =>
  text(`${description} RFC 3339 in UTC, with milliseconds.`, {
    format: 'date-time',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
  });

export const list = (description: string, items: JsonSchema): JsonSchema => ({
  type: 'array',
  description,
  items,
});

/** `anyOf` with null, not null among the types, which trips up generators of typed clients. */
export const nullable = ({ description, ...schema }: JsonSchema): JsonSchema =>
  schema.enum === undefined
    ? { ...schema, description, type: [schema.type, 'null'] }
    : { description, anyOf: [schema, { type: 'null' }] };

/** An object with these members; only the `optional` ones may be absent. */
export const resource = (
  description: string,
  members: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  description,
  properties: members,
  required: Object.keys(members).filter((name) => !optional.includes(name)),
});
