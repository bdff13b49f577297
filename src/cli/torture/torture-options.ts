import Joi from 'joi';
import { flagOf } from '../../config.js';
import { StartupError } from '../../domain/startup-error.js';

/** What a torture goes by. */
export interface TortureOptions {
  seconds: number;
  servers: number;
  workers: number;
  seed: number;
  /** Where to work; null is a temporary folder. */
  directory: string | null;
  keep: boolean;
  json: boolean;
}

const MAX_SEED = 2 ** 32 - 1;

const schemas: Record<keyof TortureOptions, Joi.Schema> = {
  seconds: Joi.number().min(1).max(86_400).default(60),
  servers: Joi.number().integer().min(1).max(50).default(2),
  workers: Joi.number().integer().min(1).max(50).default(4),
  seed: Joi.number()
    .integer()
    .min(0)
    .max(MAX_SEED)
    .default(() => Math.floor(Math.random() * MAX_SEED)),
  directory: Joi.string().allow(null).default(null),
  keep: Joi.boolean().default(false),
  json: Joi.boolean().default(false),
};

/** Checks what was given on the command line and fills in the rest. Throws `StartupError` naming the option that is wrong. */
export function readTortureOptions(flags: Record<string, unknown>): TortureOptions {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const { value, error } = schema.validate(flags[name], { errors: { wrap: { label: false } } });
    if (!error) return [name, value];
    throw new StartupError(`${flagOf(name)} ${error.message.replace(/^value /, '')}, not "${flags[name]}".`);
  });
  return Object.fromEntries(entries);
}
