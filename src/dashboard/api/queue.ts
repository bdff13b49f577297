import { createClient } from '../../client/index.js';
import { BASE } from '../base.js';
import { fetchHeeding401 } from './unauthenticated.js';

/** The server that this page comes from. What fails in passing is asked again by those who show it. */
export const queue = createClient({ url: BASE, retries: 0, fetch: fetchHeeding401 });
