import { type FieldProblem, SpooliteError } from '../core/errors.js';
import { jsonPointer, MAX_JSON_DEPTH } from '../core/json.js';
import { validationFailed } from './problems.js';

const malformed = (message: string): SpooliteError => new SpooliteError('MALFORMED_JSON', message);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('The body is not valid UTF-8');
  }
}

/** The place of a syntax error, as far as the parser reports it. */
function whereIn(text: string, { message }: Error): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const atEnd =
    position === undefined ? message.includes('end of JSON input') : Number(position) >= text.length;
  if (atEnd) return ': it ends too early';
  return position === undefined ? '' : ` at character ${Number(position) + 1}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(`The body is not valid JSON${whereIn(text, error as Error)}`);
  }
}

/** The value of a JSON body. Throws like {@link parseJson}, and MALFORMED_JSON for bytes that are not UTF-8. */
export const parseJsonBody = (bytes: Uint8Array): unknown => parseJson(decode(bytes));

/**
 * The value of a JSON text. Throws MALFORMED_JSON, or VALIDATION_FAILED for an integer that JavaScript cannot
 * represent: after parsing, it could not be recognized.
 */
export function parseJson(text: string): unknown {
  const value = parse(text);
  const unsafe = findUnsafeInteger(text, value);
  if (unsafe) throw validationFailed([unsafe]);
  return value;
}

/** Beyond ±2^53 JavaScript rounds integers; numbers with equally many digits compare as text. */
const LIMIT_DIGITS = String(2 ** 53);

const LONG_DIGITS = /\d{16}/;
const STRING_OR_LONG_DIGITS = /"|\d{16,}/g;

/** The end of the string that begins at `start`: the first quote after an even number of backslashes. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** True for a literal without fraction and exponent: `6.02e23` and `1e300` are rounded knowingly. */
const isInteger = (text: string, start: number, end: number): boolean =>
  !/[.eE]/.test(text[end] ?? '') && !/(?:\.|[eE][+-]?)$/.test(text.slice(Math.max(0, start - 2), start));

const isUnsafe = (digits: string): boolean =>
  digits.length > LIMIT_DIGITS.length || (digits.length === LIMIT_DIGITS.length && digits > LIMIT_DIGITS);

/** The first integer in valid JSON text that parsing has rounded, or null. */
function findLiteral(text: string): string | null {
  STRING_OR_LONG_DIGITS.lastIndex = 0;
  for (let match = STRING_OR_LONG_DIGITS.exec(text); match; match = STRING_OR_LONG_DIGITS.exec(text)) {
    const [found] = match;
    const end = match.index + found.length;
    if (found === '"') STRING_OR_LONG_DIGITS.lastIndex = stringEnd(text, match.index) + 1;
    else if (isInteger(text, match.index, end) && isUnsafe(found)) return found;
  }
  return null;
}

/** Makes `path` lead to a number of this magnitude in a parsed value; false if there is none within the depth limit. */
function locate(value: unknown, magnitude: number, path: string[]): boolean {
  if (typeof value === 'number') return Math.abs(value) === magnitude;
  if (typeof value !== 'object' || value === null || path.length > MAX_JSON_DEPTH) return false;
  for (const [key, child] of Object.entries(value)) {
    path.push(key);
    if (locate(child, magnitude, path)) return true;
    path.pop();
  }
  return false;
}

/** An integer in `text` beyond ±2^53, located in `parsed`, the value of that text; null if there is none. */
export function findUnsafeInteger(text: string, parsed: unknown): FieldProblem | null {
  if (!LONG_DIGITS.test(text)) return null;
  const literal = findLiteral(text);
  if (literal === null) return null;
  const path: string[] = [];
  locate(parsed, Number(literal), path);
  return {
    pointer: jsonPointer(path),
    message: 'is an integer beyond ±2^53, which would be rounded; send it as a string',
  };
}
