import { TASK_LIMITS } from '../../domain/task-limits.js';
import { query } from './query.js';
import { queryInteger, queryWait } from './query-values.js';
import { Schema } from './schema.js';
import { taskIds } from './task-ids.js';
import { taskFilters } from './task-schemas.js';

/** What the changes can be narrowed to. */
const changeFilters = {
  ...taskFilters,
  ids: taskIds().description('Only these tasks.').example([1, 2, 3]),
};

/** Revisions in digits, or `now`. */
const cursor = () =>
  Schema.string()
    .empty('')
    .meta({ schema: { pattern: '^(0|[1-9][0-9]*|now)$' } });

export const feedQuery = query({
  ...changeFilters,
  cursor: cursor()
    .default('0')
    .description('After which revision to begin: the `cursor` of the answer before, or `now`.')
    .example('4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most changes of one answer.'),
  wait: queryWait(),
});

/** `Last-Event-ID` goes before it: that says how far a client has come, and this where it began. */
const eventCursor = () =>
  cursor()
    .description('After which revision to begin, or `now`; `Last-Event-ID` goes before it.')
    .example('4711');

export const taskEventsQuery = query({ cursor: eventCursor() });

export const eventsQuery = query({ ...changeFilters, cursor: eventCursor() });
