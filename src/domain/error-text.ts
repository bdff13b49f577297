/** Longest error text that is stored; a megabyte of it would come with every poll. */
const MAX_LENGTH = 10_000;

/** What a failed attempt says went wrong, as it is stored: never empty, not too long, and storable. */
export const errorText = (message: string): string =>
  (message || 'The handler failed without a message').slice(0, MAX_LENGTH).toWellFormed();
