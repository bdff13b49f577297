import { findJsonProblem } from './json-problem.js';

/** JSON text of a value, or why there is none. */
export type JsonText = { text: string } | { problem: string };

/** The first line of what `JSON.stringify` complains of; the rest draws a picture. */
const complaint = (error: unknown): string =>
  (error instanceof Error && error.message.split('\n', 1)[0]) || 'it cannot be turned into JSON';

/** Whether a text has more than `max` bytes in UTF-8. */
export const isLongerThan = (text: string, max: number): boolean =>
  text.length > max || (text.length * 3 > max && Buffer.byteLength(text) > max);

/** Turns a value into JSON text that can be stored and read back. Never throws, whatever the value is. */
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
