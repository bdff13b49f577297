/** What names a file of tasks as one. */
export const FORMAT = 'spoolite-tasks';

/** Raised when what is in a line changes its meaning. */
export const VERSION = 1;
