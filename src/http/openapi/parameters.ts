import type { Schema } from 'joi';
import { joiToJsonSchema, metaOf } from './joi-to-json-schema.js';
import type { JsonSchema } from './json-schema.js';

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  required?: true;
  schema: JsonSchema;
  style?: string;
  explode?: boolean;
}

const HEADER_CASE = /(^|-)[a-z]/g;

/** `idempotency-key` → `Idempotency-Key`. */
const headerName = (name: string): string => name.replace(HEADER_CASE, (letter) => letter.toUpperCase());

const noNames = (name: string): never => {
  throw new Error(`A parameter's schema has the name ${name}, which is for bodies`);
};

function parameterOf(name: string, place: Parameter['in'], schema: Schema): Parameter {
  const { description, ...rest } = joiToJsonSchema(schema, noNames);
  return {
    name: place === 'header' ? headerName(name) : name,
    in: place,
    description: description as string,
    ...(place === 'path' && { required: true }),
    ...metaOf(schema).parameter,
    schema: rest,
  };
}

/** The parameters that a Joi object of a request's part stands for. */
export function parametersOf(place: Parameter['in'], object: Schema | undefined): Parameter[] {
  if (!object) return [];
  const members: { key: string; schema: Schema }[] = object.$_terms.keys;
  return members
    .filter(({ schema }) => metaOf(schema).documented !== false)
    .map(({ key, schema }) => parameterOf(key, place, schema));
}
