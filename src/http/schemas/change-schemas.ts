import { TASK_LIMITS } from '../../domain/task-limits.js';
import { queryInteger, queryWait } from './numbers.js';
import { Schema } from './schema.js';
import { taskFilters } from './task-schemas.js';

/** Revisions in digits, or `now`. */
const cursor = () => Schema.string().empty('');

export const feedQuery = Schema.object({
  ...taskFilters,
  cursor: cursor().default('0'),
  limit: queryInteger(TASK_LIMITS.listLimit),
  wait: queryWait(),
}).unknown();

export const taskEventsQuery = Schema.object({ cursor: cursor() }).unknown();

export const eventsQuery = Schema.object({ ...taskFilters, cursor: cursor() }).unknown();
