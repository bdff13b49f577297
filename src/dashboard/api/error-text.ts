import { ApiError } from '../../client/index.js';

/** What to tell people of an error: the server's own words, or that it does not answer. */
export const errorText = (error: Error): string =>
  error instanceof ApiError ? error.message : 'The server does not answer. Is it running?';
