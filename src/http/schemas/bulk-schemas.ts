import type { CustomHelpers } from 'joi';
import { type BulkAction, statusesOf } from '../../domain/bulk.js';
import { POLL_LIMITS } from '../../domain/poll-limits.js';
import { FAILURE_REASONS } from '../../domain/task-status.js';
import { instant } from './instants.js';
import { number } from './numbers.js';
import { Schema } from './schema.js';
import { name } from './texts.js';

/** A filter must say what it means: one that is empty by mistake would meet everything. */
const meant = (value: object, { error }: CustomHelpers) =>
  Object.keys(value).length === 0 ? error('bulk.empty') : value;

const anyFilter = {
  all: Schema.boolean()
    .strict()
    .valid(true)
    .description('Every task: for a filter without another condition, which must be meant.'),
  type: name().description('Only tasks of exactly this type.'),
  ids: Schema.list()
    .items(number({ min: 1, max: Number.MAX_SAFE_INTEGER }).integer())
    .min(1)
    .max(POLL_LIMITS.ids)
    .description('Only these tasks.'),
  created_after_utc: instant().description('Only tasks that were created after this instant.'),
  created_before_utc: instant().description('Only tasks that were created before this instant.'),
};

const failureReason = Schema.string()
  .valid(...FAILURE_REASONS)
  .description('Only tasks that have failed for this reason.');

const filterOf = (action: BulkAction, called: string) =>
  Schema.body({
    ...anyFilter,
    status: Schema.string()
      .valid(...statusesOf(action))
      .description('Only tasks that now have this status.'),
    ...(action !== 'cancel' && { failure_reason: failureReason }),
  })
    .custom(meant)
    .meta({ name: `${called}Filter`, schema: { minProperties: 1 } })
    .required()
    .description('Which tasks: those for which all of it is true.');

const bodyOf = (action: BulkAction, called: string) =>
  Schema.body({
    filter: filterOf(action, called),
    expected: number({ min: 0, max: Number.MAX_SAFE_INTEGER })
      .integer()
      .description(
        'How many tasks you mean: where more match, nothing is changed. Absent only counts, and changes nothing.',
      ),
    cursor: Schema.string().description(
      'Where to go on: from the answer before, with the same filter. `expected` is then what is left.',
    ),
  })
    .meta({ name: called })
    .required();

export const bulkBodies = {
  cancel: bodyOf('cancel', 'BulkCancel'),
  retry: bodyOf('retry', 'BulkRetry'),
  delete: bodyOf('delete', 'BulkDelete'),
};
