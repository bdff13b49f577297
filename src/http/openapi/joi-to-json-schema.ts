import type { Description, Schema } from 'joi';
import { type JsonSchema, schemaRef } from '../../controllers/route.js';

/** What Joi's `meta()` says of a schema. */
export interface Meta {
  /** The document has it once, by this name, and refers to it elsewhere. */
  name?: string;
  /** What Joi cannot tell, as only the schema's own code knows. */
  schema?: JsonSchema;
  /** How a parameter is written, where not in the usual way. */
  parameter?: object;
  /** False for what is there only to be refused. */
  documented?: boolean;
}

/** Takes in a schema that has a name. */
export type Define = (name: string, schema: JsonSchema) => void;

/** What Joi's `describe()` gives, as far as it is used here. */
interface Described {
  type: string;
  flags?: { presence?: string; only?: boolean; unknown?: boolean; default?: unknown; description?: string };
  rules?: { name: string; args?: { limit?: number } }[];
  allow?: unknown[];
  examples?: unknown[];
  keys?: Record<string, Described>;
  items?: Described[];
  metas?: Meta[];
}

const TYPES: Readonly<Record<string, string>> = Object.freeze({
  body: 'object',
  object: 'object',
  list: 'array',
  array: 'array',
  string: 'string',
  number: 'number',
  boolean: 'boolean',
});

/** What each rule says in JSON Schema. `custom` says it in the schema's meta, `trim` forbids nothing. */
const RULES: Readonly<Record<string, (type: string, limit: number | undefined) => JsonSchema>> =
  Object.freeze({
    custom: () => ({}),
    trim: () => ({}),
    integer: () => ({ type: 'integer' }),
    min: (type, limit) => ({ [type === 'number' ? 'minimum' : 'minItems']: limit }),
    max: (type, limit) => ({ [type === 'number' ? 'maximum' : 'maxItems']: limit }),
  });

const merged = (metas: readonly Meta[] = []): Meta => Object.assign({}, ...metas);

export const metaOf = (schema: Schema): Meta => merged(schema.$_terms.metas);

function rulesOf({ rules = [] }: Described, type: string): JsonSchema {
  const converted = rules.map(({ name, args }) => {
    const rule = RULES[name];
    if (!rule) throw new Error(`The rule "${name}" of Joi has no words in JSON Schema yet`);
    return rule(type, args?.limit);
  });
  return Object.assign({}, ...converted);
}

/**
 * A member of a request's body with its default as part of its description: generators take one that has a `default` for a member
 * that is always there, and would have every client send it.
 */
function withoutDefault({ default: absent, ...schema }: JsonSchema): JsonSchema {
  if (absent === undefined) return schema;
  return { ...schema, description: `${schema.description} Default: \`${JSON.stringify(absent)}\`.` };
}

function membersOf({ keys, flags, type }: Described, define: Define): JsonSchema {
  if (!keys) return TYPES[type] === 'object' ? { additionalProperties: true } : {};
  const entries = Object.entries(keys);
  const required = entries.filter(([, { flags }]) => flags?.presence === 'required').map(([name]) => name);
  const member = (described: Described): JsonSchema => {
    const schema = convert(described, define);
    return type === 'body' ? withoutDefault(schema) : schema;
  };
  return {
    properties: Object.fromEntries(entries.map(([name, described]) => [name, member(described)])),
    ...(required.length > 0 && { required }),
    ...(type === 'body' && !flags?.unknown && { additionalProperties: false }),
  };
}

/** Joi takes no empty string unless it is told to; what is allowed beside the type is null or that. */
function valuesOf({ type, flags, allow = [], metas }: Described): JsonSchema {
  const isOfOtherType = merged(metas).schema?.type !== undefined;
  if (flags?.only) return { enum: allow };
  return type === 'string' && !allow.includes('') && !isOfOtherType ? { minLength: 1 } : {};
}

function annotationsOf({ flags = {}, examples }: Described): JsonSchema {
  const { description, default: absent } = flags;
  return {
    ...(description !== undefined && { description }),
    ...(absent !== undefined && absent !== null && { default: absent }),
    ...(examples && { examples }),
  };
}

function convert(described: Described, define: Define): JsonSchema {
  const { type, allow = [], items } = described;
  const { name, schema: known } = merged(described.metas);
  const jsonType = TYPES[type];
  if (!jsonType && type !== 'any') throw new Error(`Joi's type "${type}" has no words in JSON Schema yet`);
  const schema: JsonSchema = {
    ...(jsonType && { type: jsonType }),
    ...valuesOf(described),
    ...rulesOf(described, jsonType ?? ''),
    ...membersOf(described, define),
    ...(items?.[0] && { items: convert(items[0], define) }),
    ...annotationsOf(described),
    ...known,
  };
  const whole = allow.includes(null) ? { ...schema, type: [schema.type, 'null'] } : schema;
  if (!name) return whole;
  define(name, whole);
  return schemaRef(name);
}

/** What a Joi schema takes, as JSON Schema. Throws where it has something that this has no words for. */
export const joiToJsonSchema = (schema: Schema, define: Define): JsonSchema =>
  convert(schema.describe() as Description as Described, define);
