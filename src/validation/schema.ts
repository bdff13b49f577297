import Joi, { type CustomHelpers } from 'joi';
import { parseInstant } from '../core/instant.js';
import { jsonPointer } from '../core/json.js';

interface BodyTypes {
  /**
   * An object of a JSON body: a member named `__proto__` is an unknown field like any other (Joi would silently drop
   * it), and validation stops after a few unknown fields.
   */
  body(fields: Joi.SchemaMap): Joi.ObjectSchema;
  /** An array whose length is checked before its elements (Joi would validate a million of them first). */
  list(): Joi.ArraySchema;
}

/** Unknown fields after which validation stops. */
const MAX_UNKNOWN = 10;

const body: Joi.ExtensionFactory = (joi) => ({
  type: 'body',
  base: joi.object(),
  prepare(value, { schema, error }) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const fields: { key: string }[] = schema.$_terms.keys;
    const unknown = Object.keys(value).filter((name) => !fields.some(({ key }) => key === name));
    if (unknown.length <= MAX_UNKNOWN && !unknown.includes('__proto__')) return undefined;
    const named = unknown.slice(0, MAX_UNKNOWN);
    return { value, errors: named.map((name) => error('object.unknown', { pointer: jsonPointer([name]) })) };
  },
});

const list: Joi.ExtensionFactory = (joi) => ({
  type: 'list',
  base: joi.array(),
  prepare(value, { schema, error }) {
    const limit = schema.$_getRule('max')?.args?.limit;
    if (!Array.isArray(value) || typeof limit !== 'number' || value.length <= limit) return undefined;
    return { value, errors: [error('array.max', { limit })] };
  },
});

/**
 * Joi, with types for JSON bodies. The `description` of a schema, and what only its own code contains (`meta({ schema
 * })`, in JSON Schema), go into the OpenAPI document.
 */
export const Schema: Joi.Root & BodyTypes = Joi.extend(body, list);

/** An RFC 3339 date-time; becomes milliseconds since 1970 UTC. */
export const instant = () =>
  Schema.string()
    .custom((value: string, { error }: CustomHelpers) => parseInstant(value) ?? error('instant.base'))
    .meta({ schema: { format: 'date-time' } });

export interface Range {
  min?: number;
  max: number;
  default?: number;
}

/** A number of a JSON body: text is not converted. */
export const number = ({ min = 0, max }: Range) => Schema.number().strict().min(min).max(max);

/** An integer of a JSON body: text is not converted. */
export const integer = (range: Range) => number(range).integer().default(range.default);
