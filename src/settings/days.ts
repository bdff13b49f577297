import Joi from 'joi';

/** How a length of time without an end is written; it becomes null. */
export const FOREVER = 'forever';

const extended = Joi.extend((joi) => ({
  type: 'days',
  base: joi
    .number()
    .min(0)
    .allow(null)
    .messages({ 'number.base': `must be a number of days, or "${FOREVER}"` }),
  coerce: {
    from: 'string',
    method: (value: string) => ({ value: value.trim() === FOREVER ? null : value }),
  },
}));

/** A number of days, fractions too; `forever` or null. */
export const days = (): Joi.NumberSchema => extended.days();
