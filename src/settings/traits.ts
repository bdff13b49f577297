import type Joi from 'joi';

/** What else is to be known of a setting; given with `.meta({ … })` of its schema. */
export interface Traits {
  /** The name of a file: in a settings file it is relative to that file. */
  path?: true;
  /** An address, which may have a password in it. */
  address?: true;
  /** Never shown, neither when it is right nor when it is wrong. */
  secret?: true;
}

const traitsOf = (schema: Joi.Schema): Traits => Object.assign({}, ...(schema.describe().metas ?? []));

export const isPath = (schema: Joi.Schema): boolean => traitsOf(schema).path === true;

const MASK = '********';

/** The password in an address, whatever else is wrong with it: all between the name's colon and the last at sign before a slash. */
const PASSWORD = /(:\/\/[^/?#:]*:)[^/?#]*(?=@)/;

/** The value as it may be shown to people. */
export function masked(schema: Joi.Schema, value: unknown): unknown {
  if (value === undefined) return value;
  const { secret, address } = traitsOf(schema);
  if (secret) return MASK;
  return address && typeof value === 'string' ? value.replace(PASSWORD, `$1${MASK}`) : value;
}
