import { TASK_LIMITS } from '../../domain/task-limits.js';
import { queryInteger, queryWait } from './numbers.js';
import { Schema } from './schema.js';
import { taskIds } from './task-ids.js';
import { taskFilters } from './task-schemas.js';

/** What the changes can be narrowed to. */
const changeFilters = { ...taskFilters, ids: taskIds() };

/** Revisions in digits, or `now`. */
const cursor = () => Schema.string().empty('');

export const feedQuery = Schema.object({
  ...changeFilters,
  cursor: cursor().default('0'),
  limit: queryInteger(TASK_LIMITS.listLimit),
  wait: queryWait(),
}).unknown();

export const taskEventsQuery = Schema.object({ cursor: cursor() }).unknown();

export const eventsQuery = Schema.object({ ...changeFilters, cursor: cursor() }).unknown();
