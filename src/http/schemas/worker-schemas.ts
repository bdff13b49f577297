import { TASK_LIMITS } from '../../domain/task-limits.js';
import { pageCursor, queryInteger } from './query-values.js';
import { Schema } from './schema.js';

export const workerListQuery = Schema.object({
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most workers of one page.'),
  cursor: pageCursor(),
}).unknown();
