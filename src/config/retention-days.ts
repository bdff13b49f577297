import Joi, { type CustomHelpers, type ErrorReport } from 'joi';
import { nearestName } from '../core/text.js';

/** How an unlimited time is written; it becomes null. */
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

/** Days for which something is kept, possibly fractional; null is forever. */
export type Days = number | null;

/** A number of days; `forever` or null. */
export const days = (): Joi.NumberSchema<Days> => extended.days();

/** Per type: for how long its tasks are kept, by outcome, and their logs. */
export type RetentionByType = Readonly<Record<string, { completed?: Days; failed?: Days; logs?: Days }>>;

const KEPT_NAMES = ['completed', 'failed', 'logs'];
const SHAPE = `must be such as \\{"mail":\\{"completed":1,"failed":"forever"}}`;
const DAYS = days();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The problem with a name of a type's object, or with its value; null if there is none. */
function problemWith(name: string, value: unknown): string | null {
  if (!KEPT_NAMES.includes(name)) {
    const nearest = nearestName(name, KEPT_NAMES);
    const advice =
      nearest === undefined ? `known are ${KEPT_NAMES.join(', ')}` : `did you mean "${nearest}"?`;
    return `unknown ${JSON.stringify(name)} (${advice})`;
  }
  const { error } = DAYS.validate(value, { errors: { label: false } });
  return error ? `${name} ${error.message.replace(/^"value" /, '')}` : null;
}

function problemOf(type: string, kept: unknown): string | null {
  if (type.trim() === '' || type.length > 200) return 'a type has 1 to 200 characters';
  if (!isObject(kept) || Object.keys(kept).length === 0) return `${JSON.stringify(type)} has no values`;
  for (const [name, value] of Object.entries(kept)) {
    const problem = problemWith(name, value);
    if (problem) return `${JSON.stringify(type)}: ${problem}`;
  }
  return null;
}

/** Days by type, validated and converted. */
export function retentionDaysByType(
  value: Record<string, unknown>,
  helpers: CustomHelpers,
): object | ErrorReport {
  for (const [type, kept] of Object.entries(value)) {
    const problem = problemOf(type, kept);
    if (problem) return helpers.message({ custom: `${SHAPE}; ${problem.replaceAll('{', '\\{')}` });
  }
  const converted = (kept: object) =>
    Object.fromEntries(Object.entries(kept).map(([name, given]) => [name, DAYS.validate(given).value]));
  return Object.fromEntries(Object.entries(value).map(([type, kept]) => [type, converted(kept as object)]));
}
