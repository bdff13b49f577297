import { createClient } from '../../client/index.js';

/** The server that this page comes from. What fails in passing is asked again by those who show it. */
export const queue = createClient({ retries: 0 });
