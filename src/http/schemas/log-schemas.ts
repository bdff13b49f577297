import { LEASE_LIMITS } from '../../domain/lease-limits.js';
import { LOG_LEVELS } from '../../domain/log-level.js';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { jsonValue } from './json-values.js';
import { queryInteger } from './numbers.js';
import { Schema } from './schema.js';
import { freeText } from './texts.js';

export const logListQuery = Schema.object({
  level: Schema.string()
    .valid(...LOG_LEVELS)
    .empty(''),
  limit: queryInteger(TASK_LIMITS.listLimit),
  cursor: Schema.string().empty(''),
}).unknown();

const entry = Schema.body({
  level: Schema.string()
    .valid(...LOG_LEVELS)
    .required(),
  message: freeText().required(),
  details: jsonValue(),
});

export const logAppendBody = Schema.body({
  lease_token: Schema.string().required(),
  entries: Schema.list().items(entry).min(1).max(LEASE_LIMITS.logEntries).required(),
}).required();
