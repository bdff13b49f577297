import type { Description, Schema } from 'joi';
import { type JsonSchema, schemaRef } from '../../controllers/route.js';

/** The `meta()` of our Joi schemas. */
export interface Meta {
  /** Name in the document, which has the schema once and refers to it elsewhere. */
  name?: string;
  /** Rules that only the schema's own code contains. */
  schema?: JsonSchema;
  /** The serialization of a parameter, if not the default. */
  parameter?: object;
  /** False for fields that exist only to be refused. */
  documented?: boolean;
}

/** Registers a named schema. */
export type Define = (name: string, schema: JsonSchema) => void;

/** The result of Joi's `describe()`, as far as it is used here. */
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

/** Each rule in JSON Schema. `custom` describes itself in the schema's meta, `trim` forbids nothing. */
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
    if (!rule) throw new Error(`No JSON Schema is defined for Joi's rule "${name}" yet`);
    return rule(type, args?.limit);
  });
  return Object.assign({}, ...converted);
}

/**
 * A body member with its default in the description: generators take one with a `default` for always present, and would
 * make every client send it.
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

/** By default Joi refuses the empty string; `allow` adds null or the empty string. */
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
  if (!jsonType && type !== 'any') throw new Error(`No JSON Schema is defined for Joi's type "${type}" yet`);
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

/** The JSON Schema of what a Joi schema accepts. Throws for rules and types without a translation. */
export const joiToJsonSchema = (schema: Schema, define: Define): JsonSchema =>
  convert(schema.describe() as Description as Described, define);
