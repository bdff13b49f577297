import { TASK_LIMITS } from './task-limits.js';

const CONTROL = /\p{Cc}/u;

export const hasControl = (text: string): boolean => CONTROL.test(text);

/** Longer than `max` characters, a character being a code point of Unicode. */
export function isLonger(text: string, max: number): boolean {
  if (text.length <= max) return false;
  return text.length > 2 * max || [...text].length > max;
}

/** Whether a text, already trimmed, can be the name of a type or of a worker. */
export const isName = (text: string): boolean =>
  text !== '' && text.isWellFormed() && !hasControl(text) && !isLonger(text, TASK_LIMITS.nameLength);

/** What a name must be, for sentences that refuse one. */
export const NAME_RULE = `1 to ${TASK_LIMITS.nameLength} characters without control characters`;
