import { TASK_LIMITS } from '../../domain/task-limits.js';
import { query } from './query.js';
import { pageCursor, queryInteger } from './query-values.js';

export const workerListQuery = query({
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most workers of one page.'),
  cursor: pageCursor(),
});
