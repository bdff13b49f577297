/** Longest text that a handler may leave behind; a megabyte of it would come with every poll. */
const MAX_LENGTH = 10_000;

/**
 * Text of what `read` gives, which may be anything that a handler throws or logs: storable, and not too long. Empty
 * for what has no text, such as an object without a prototype.
 */
export function storableText(read: () => unknown): string {
  try {
    return String(read()).slice(0, MAX_LENGTH).toWellFormed();
  } catch {
    return '';
  }
}
