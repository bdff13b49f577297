import { findJsonProblem } from './json.js';
import { TASK_LIMITS, TEXT_LIMITS } from './limits.js';

const CONTROL_CHARACTER = /\p{Cc}/u;

export const hasControl = (text: string): boolean => CONTROL_CHARACTER.test(text);

/** Whether a text has more than `max` characters (code points). */
export function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  return text.length > 2 * max || [...text].length > max;
}

/** Whether a trimmed text can be the name of a type or of a worker. */
export const isName = (text: string): boolean =>
  text !== '' && text.isWellFormed() && !hasControl(text) && !isLonger(text, TASK_LIMITS.nameLength);

/** The rule for names, for error messages. */
export const NAME_RULE = `1 to ${TASK_LIMITS.nameLength} characters without control characters`;

/** Ends a text that was cut. */
const CUT_MARK = '… (cut)';

/** Where the first `count` code points of a text end; its length if it has no more. */
function endOfCodePoints(text: string, count: number): number {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--)
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return at;
}

/** A text for people in its stored form: truncated with a mark, halves of surrogate pairs replaced. */
export function messageText(text: string): string {
  const { message: max } = TEXT_LIMITS;
  if (endOfCodePoints(text, max) === text.length) return text.toWellFormed();
  return text.slice(0, endOfCodePoints(text, max - CUT_MARK.length)).toWellFormed() + CUT_MARK;
}

/** The error message of a failed attempt in its stored form: never empty. */
export const errorText = (message: string): string =>
  messageText(message || 'The handler failed without a message');

/** The JSON text of a value, or why there is none. */
export type JsonText = { text: string } | { problem: string };

/** The first line of the error of `JSON.stringify`; the rest is a diagram. */
const complaint = (error: unknown): string =>
  (error instanceof Error && error.message.split('\n', 1)[0]) || 'it cannot be turned into JSON';

export const isLongerThan = (text: string, max: number): boolean =>
  text.length > max || (text.length * 3 > max && Buffer.byteLength(text) > max);

/** Turns a value into JSON text that can be stored and read back. Never throws, whatever the value. */
export function toJsonText(value: unknown, maxBytes: number): JsonText {
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return { problem: `a ${typeof value} is not JSON` };
    if (isLongerThan(text, maxBytes)) return { problem: `it has more than ${maxBytes} bytes as JSON` };
    const problem = findJsonProblem(JSON.parse(text));
    return problem ? { problem: problem.message } : { text };
  } catch (error) {
    return { problem: complaint(error) };
  }
}

/** Normalizes spelling for comparison: `LEASE_SECONDS` equals `leaseSeconds`. */
const normalized = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^spoolite(?=.)/, '');

/** The Damerau-Levenshtein distance: letters to change, add, drop or swap with the next. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : changed;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped);
    }
  }
  return at(a.length, b.length);
}

/** Letters of a name per allowed typo. */
const LETTERS_PER_SLIP = 3;

/** No longer text is taken for a misspelt name. */
const MAX_NAME_LENGTH = 100;

/** The name that was probably meant; undefined if none is close. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = normalized(given);
  if (wanted === '' || wanted.length > MAX_NAME_LENGTH) return undefined;
  const near = names
    .map((name) => ({ name, slips: editDistance(wanted, normalized(name)) }))
    .filter(({ name, slips }) => slips <= Math.max(1, Math.floor(normalized(name).length / LETTERS_PER_SLIP)))
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.name;
}

const BYTE_UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Bytes for people: `12 MB`. */
export function formatBytes(bytes: number): string {
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), BYTE_UNITS.length - 1);
  const value = bytes / 1000 ** unit;
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${BYTE_UNITS[unit]}`;
}
