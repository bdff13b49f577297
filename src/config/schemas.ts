import Joi from 'joi';
import { isNetwork } from '../core/network.js';

/** `a,b` → `['a', 'b']`, each by the rule for one. */
export const listOf = (item: Joi.AnySchema<string>): Joi.ArraySchema<readonly string[]> =>
  Joi.extend((joi) => ({
    type: 'list',
    base: joi.array().items(item).min(1).messages({
      'string.empty': 'must be names separated by commas',
      'string.base': 'must be names',
      'array.base': 'must be a list of names',
      'array.min': 'must have at least one name',
    }),
    coerce: { from: 'string', method: (value: string) => ({ value: value.split(',') }) },
  })).list();

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const json = Joi.extend((joi) => ({
  type: 'jsonObject',
  base: joi.object(),
  coerce: { from: 'string', method: (value: string) => ({ value: parsed(value) }) },
}));

/** `{"a":1}` as text → the object; Joi itself no longer parses JSON. */
export const jsonObject = <Value extends object>(): Joi.ObjectSchema<Value> => json.jsonObject();

export const oneOf = <const Name extends string>(...names: readonly Name[]) =>
  Joi.string().valid(...names) as Joi.StringSchema<Name>;

export interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

export function within(range: Range): Joi.NumberSchema {
  const number = Joi.number().min(range.min).max(range.max).meta({ range });
  return range.integer ? number.integer() : number;
}

export const path = () => Joi.string().meta(PATH);

/** `https://example.com`, as browsers send it. */
export const origin = Joi.string()
  .trim()
  .custom((value: string, { error }) => {
    try {
      return new URL(value).origin === value ? value : error('origin.base');
    } catch {
      return error('origin.base');
    }
  })
  .messages({ 'origin.base': 'must be origins such as https://example.com, without a path' });

export const network = Joi.string()
  .trim()
  .custom((value: string, { error }) => (isNetwork(value) ? value : error('network.base')))
  .messages({
    'network.base': 'must be addresses, networks such as 10.0.0.0/8, loopback, linklocal or uniquelocal',
  });

export const count = (min: number) => Joi.number().integer().min(min).max(1_000_000_000);

const PATH: Traits = { path: true };
export const ADDRESS: Traits = { address: true };
export const SECRET: Traits = { secret: true };

/** Further traits of a setting, in the `.meta({ … })` of its schema. */
export interface Traits {
  /** A file name: in a settings file it is relative to that file. */
  path?: true;
  /** A URL, possibly with a password. */
  address?: true;
  /** Never shown, whether valid or not. */
  secret?: true;
  /** A number's range, which also applies to a program's options. */
  range?: Range;
}

export const traitsOf = (schema: Joi.Schema): Traits => Object.assign({}, ...(schema.describe().metas ?? []));

const MASK = '********';

/** The password in a URL, even an invalid one: all between the name's colon and the last at sign before a slash. */
const PASSWORD = /(:\/\/[^/?#:]*:)[^/?#]*(?=@)/;

/** The value as it may be shown to people. */
export function masked(schema: Joi.Schema, value: unknown): unknown {
  if (value === undefined) return value;
  const { secret, address } = traitsOf(schema);
  if (secret) return MASK;
  return address && typeof value === 'string' ? value.replace(PASSWORD, `$1${MASK}`) : value;
}
