/** What could move the cursor, change colours or turn the direction of writing. */
const UNSAFE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu;

/** A text of somebody else, safe for a terminal and on one line. */
export const plainText = (text: string): string => text.replace(UNSAFE, ' ').toWellFormed();
