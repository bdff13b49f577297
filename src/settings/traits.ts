import type Joi from 'joi';

/** What else is to be known of a setting; given with `.meta({ … })` of its schema. */
export interface Traits {
  /** The name of a file: in a settings file it is relative to that file. */
  path?: true;
  /** Never shown, neither when it is right nor when it is wrong. */
  secret?: true;
}

const traitsOf = (schema: Joi.Schema): Traits => Object.assign({}, ...(schema.describe().metas ?? []));

export const isPath = (schema: Joi.Schema): boolean => traitsOf(schema).path === true;

const MASK = '********';

/** The value as it may be shown to people. */
export const masked = (schema: Joi.Schema, value: unknown): unknown =>
  value !== undefined && traitsOf(schema).secret ? MASK : value;
