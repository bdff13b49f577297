import type { CustomHelpers, ErrorReport } from 'joi';
import { nearestName } from '../domain/nearest-name.js';
import { days } from './days.js';

/** Days for which the tasks of one type are kept, by how they ended, and their logs; null is for ever. */
export interface KeptDays {
  completed?: number | null;
  failed?: number | null;
  logs?: number | null;
}

const NAMES = ['completed', 'failed', 'logs'];
const SHAPE = `must be such as \\{"mail":\\{"completed":1,"failed":"forever"}}`;
const DAYS = days();

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What is wrong with one name of a type's object, or its value; null where nothing is. */
function problemWith(name: string, value: unknown): string | null {
  if (!NAMES.includes(name)) {
    const nearest = nearestName(name, NAMES);
    const advice = nearest === undefined ? `known are ${NAMES.join(', ')}` : `did you mean "${nearest}"?`;
    return `unknown ${JSON.stringify(name)} (${advice})`;
  }
  const { error } = DAYS.validate(value, { errors: { label: false } });
  return error ? `${name} ${error.message.replace(/^"value" /, '')}` : null;
}

function problemOf(type: string, kept: unknown): string | null {
  if (type.trim() === '' || type.length > 200) return 'a type has 1 to 200 characters';
  if (!isObject(kept) || Object.keys(kept).length === 0) return `of ${JSON.stringify(type)} nothing is said`;
  for (const [name, value] of Object.entries(kept)) {
    const problem = problemWith(name, value);
    if (problem) return `of ${JSON.stringify(type)}: ${problem}`;
  }
  return null;
}

/** Days by type, each checked and converted. */
export function daysOfTypes(value: Record<string, unknown>, helpers: CustomHelpers): object | ErrorReport {
  for (const [type, kept] of Object.entries(value)) {
    const problem = problemOf(type, kept);
    if (problem) return helpers.message({ custom: `${SHAPE}; ${problem.replaceAll('{', '\\{')}` });
  }
  const converted = (kept: object) =>
    Object.fromEntries(Object.entries(kept).map(([name, given]) => [name, DAYS.validate(given).value]));
  return Object.fromEntries(Object.entries(value).map(([type, kept]) => [type, converted(kept as object)]));
}
