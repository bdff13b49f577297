import type { CustomHelpers } from 'joi';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { FAILURE_REASONS, TASK_STATUSES } from '../../domain/task-status.js';
import { query } from './query.js';
import { pageCursor, queryInteger, queryWait } from './query-values.js';
import { Schema } from './schema.js';
import { taskIds } from './task-ids.js';
import { nameFilter } from './texts.js';

/** Digits; whether they are the id of a task, or too many to be, is for the controller to find out. */
export const taskParams = Schema.object({
  task_id: Schema.string()
    .custom((value: string, { error }: CustomHelpers) =>
      /^[1-9]\d*$/.test(value) ? value : error('id.base'),
    )
    .description('The number of the task, as the answer to its enqueue has it.')
    .example(1)
    .meta({ schema: { type: 'integer', minimum: 1 } }),
});

export const taskQuery = query({
  wait: queryWait().description(
    'Long poll: seconds for which the answer may be held back, until the task is done; where `If-None-Match` is sent, until its tag is another.',
  ),
});

/** What a list can be narrowed to. */
export const taskFilters = {
  status: Schema.string()
    .valid(...TASK_STATUSES)
    .empty('')
    .description('Only tasks that now have this status.'),
  type: nameFilter().description('Only tasks of exactly this type.').example('video_processing'),
};

const LIST_PARAMETERS = ['status', 'type', 'failure_reason', 'idempotency_key', 'limit', 'cursor'];

/** Tasks asked for by their ids are those and no others. */
function idsAlone(value: { ids?: number[] }, { original, error }: CustomHelpers) {
  const other = value.ids && LIST_PARAMETERS.find((name) => original[name]);
  return other ? error('ids.alone', { pointer: `/${other}` }) : value;
}

export const taskListQuery = query({
  ...taskFilters,
  failure_reason: Schema.string()
    .valid(...FAILURE_REASONS)
    .description(
      'Only tasks that have failed for this reason. Such a page may be short, even empty, where the reason is rare: `Link` says whether it is the last.',
    ),
  idempotency_key: Schema.string()
    .description('Only the task that was enqueued under this key.')
    .example('order-4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most tasks of one page.'),
  cursor: pageCursor(),
  ids: taskIds()
    .description(
      'These tasks and no others, in this order, each once; ids that do not exist are left out. Takes no other parameter beside it.',
    )
    .example([1, 2, 3]),
}).custom(idsAlone);
