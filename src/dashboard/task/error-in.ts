import type { JsonValue } from '../../domain/json.js';

/** An error as the log of a task keeps it, in lines: its stack, then what caused it, each level further in. */
export interface ErrorLine {
  /** Levels below the error of the attempt. */
  depth: number;
  text: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function linesOf(error: unknown, depth: number, lead: string): ErrorLine[] {
  if (!isObject(error)) return [];
  const { name, message, code, stack, cause, errors, thrown, value } = error;
  if (thrown !== undefined) return [{ depth, text: `${lead}${thrown} ${value}` }];
  const [first = '', ...rest] = (typeof stack === 'string' ? stack : `${name}: ${message}`).split('\n');
  return [
    { depth, text: `${lead}${first}${code === undefined ? '' : ` [${code}]`}` },
    ...rest.map((line) => ({ depth: depth + 1, text: line.trim() })),
    ...linesOf(cause, depth + 1, 'caused by: '),
    ...(Array.isArray(errors) ? errors.flatMap((one) => linesOf(one, depth + 1, 'one of: ')) : []),
  ];
}

/** The error that the details of a log entry are about; null for other details. */
export function errorIn(details: JsonValue): ErrorLine[] | null {
  const lines = isObject(details) ? linesOf(details.error, 0, '') : [];
  return lines.length > 0 ? lines : null;
}
