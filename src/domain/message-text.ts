import { TEXT_LIMITS } from './text-limits.js';

/** Ends a text that was cut. */
const MARK = '… (cut)';

/** Where the first `count` code points of a text end; its length where it has no more than those. */
function endOf(text: string, count: number): number {
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--)
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return at;
}

/** A text for people as it is stored: what is too long is cut with a mark, and halves of surrogate pairs are replaced. */
export function messageText(text: string): string {
  const { message: max } = TEXT_LIMITS;
  if (endOf(text, max) === text.length) return text.toWellFormed();
  return text.slice(0, endOf(text, max - MARK.length)).toWellFormed() + MARK;
}

/** What a failed attempt says went wrong, as it is stored: never empty. */
export const errorText = (message: string): string =>
  messageText(message || 'The handler failed without a message');
