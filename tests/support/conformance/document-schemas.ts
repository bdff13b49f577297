import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { API_DOCUMENT } from './api-document.js';

type Schema = Record<string, unknown>;

/**
 * The document lets answers have members that it does not name, so that clients bear it when some are added. What the
 * program of this version answers has none.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Schema = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  const isShape = copy.type === 'object' && copy.properties !== undefined;
  return isShape ? { additionalProperties: false, ...copy } : copy;
}

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
ajvFormats.default(ajv);
ajv.addVocabulary(['components']);
const SCHEMAS = closed(API_DOCUMENT.components.schemas) as Schema;

/** References lead into the document: so does the schema that ajv compiles. */
const compile = (schema: object): ValidateFunction =>
  ajv.compile({ ...schema, components: { schemas: SCHEMAS } });

const compiled = new WeakMap<object, ValidateFunction>();

/** What is wrong with a value by a schema of the document; empty when nothing is. */
export function problemsBySchema(schema: object, value: unknown): string[] {
  const validate = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`.trim(),
  );
}
