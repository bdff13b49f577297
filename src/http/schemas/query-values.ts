import { POLL_LIMITS } from '../../domain/poll-limits.js';
import type { Range } from './numbers.js';
import { Schema } from './schema.js';

const WAIT = 'Long poll: seconds for which the answer may be held back until there is something to say.';
const CURSOR = 'Where the page begins: from the `Link` header of the page before, with the same filters.';

/** An integer in a query; no value counts as absent. */
export const queryInteger = ({ min = 1, max, default: absent }: Range) =>
  Schema.number().integer().min(min).max(max).empty('').default(absent);

/** Seconds to wait, in a query; no value counts as absent. */
export const queryWait = () =>
  Schema.number().min(0).max(POLL_LIMITS.waitSeconds.max).empty('').description(WAIT);

/** Where a page begins. */
export const pageCursor = () => Schema.string().empty('').description(CURSOR);
