/** What could move the cursor, change colours or turn the direction of writing. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const UNSAFE_RUNS = new RegExp(`${UNSAFE.source}+`, 'gu');
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu');

/** A text of somebody else, safe for a terminal and on one line. */
export const plainText = (text: string): string => text.replace(UNSAFE_RUNS, ' ').toWellFormed();

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A value as JSON on one line, safe for a terminal: what `JSON.stringify` leaves of control characters is escaped too. */
export const plainJson = (value: unknown): string => JSON.stringify(value).replace(EACH_UNSAFE, escaped);
