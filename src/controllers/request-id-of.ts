import type { Reply } from './reply.js';

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** The id that was given to the request that this answers. */
export const requestIdOf = (res: Reply): string => String(res.getHeader(REQUEST_ID_HEADER));
