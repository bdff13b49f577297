import { LEASE_LIMITS } from '../../domain/lease-limits.js';
import { LOG_LEVELS } from '../../domain/log-level.js';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { TEXT_LIMITS } from '../../domain/text-limits.js';
import { smallJsonValue } from './json-values.js';
import { leaseToken } from './lease-schemas.js';
import { query } from './query.js';
import { pageCursor, queryInteger } from './query-values.js';
import { Schema } from './schema.js';
import { freeText } from './texts.js';

export const logListQuery = query({
  level: Schema.string()
    .valid(...LOG_LEVELS)
    .description('Only entries of this level.'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most entries of one page.'),
  cursor: pageCursor(),
});

const entry = Schema.body({
  level: Schema.string()
    .valid(...LOG_LEVELS)
    .required()
    .description('How much it matters.'),
  message: freeText()
    .required()
    .description('What happened, for people. What is longer than 10,000 characters is cut, with a mark.'),
  details: smallJsonValue(TEXT_LIMITS.logDetails).description(
    'Any JSON value that goes with it, up to 64 kB as JSON.',
  ),
}).meta({ name: 'NewLogEntry' });

export const logAppendBody = Schema.body({
  lease_token: leaseToken,
  entries: Schema.list()
    .items(entry)
    .min(1)
    .max(LEASE_LIMITS.logEntries)
    .required()
    .description('Appended in this order.'),
})
  .meta({ name: 'NewLogEntries' })
  .required();
