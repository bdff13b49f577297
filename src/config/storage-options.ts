import Joi from 'joi';
import { option } from './option.js';
import { days, type RetentionByType, retentionDaysByType } from './retention-days.js';
import { jsonObject, oneOf, path } from './schemas.js';

/** How long everything is kept; null is forever. */
export const RETENTION = {
  /** Days a completed task is kept; null is forever; default 7. */
  keepCompletedDays: option({
    schema: days(),
    default: 7,
    value: 'days',
    text: 'how long completed tasks are kept; or "forever"',
  }),
  /** Days a failed task is kept; null is forever; default 30. */
  keepFailedDays: option({
    schema: days(),
    default: 30,
    value: 'days',
    text: 'how long failed tasks are kept; or "forever"',
  }),
  /** Days the log of a finished task is kept, and the entries of a live one; null is as long as the task; default 30. */
  keepLogDays: option({
    schema: days(),
    default: 30,
    value: 'days',
    text: 'how long task logs are kept, at most as long as the task; or "forever"',
  }),
  /** Days an entry of the audit log is kept; null is forever; default 365. */
  keepAuditDays: option({
    schema: days(),
    default: 365,
    value: 'days',
    text: 'how long the audit log is kept; or "forever"',
  }),
  /** Different values for the tasks of certain types. */
  retentionByType: option({
    schema: jsonObject<RetentionByType>().custom(retentionDaysByType),
    default: {},
    value: 'json',
    text: 'retention of certain types, such as {"mail":{"completed":1,"failed":90,"logs":7}}',
  }),
};

/** The database file, for everything that opens it. */
export const STORAGE = {
  /** Path of the database file, or `:memory:`. */
  database: option({
    schema: path().trim(),
    default: './data/spoolite.db',
    value: 'file',
    text: 'the SQLite file; created if missing',
  }),
  /** `full` (default): every acknowledged write is on disk; `normal`: a power cut may lose the last ones. */
  durability: option({
    schema: oneOf('full', 'normal'),
    default: 'full',
    value: 'full|normal',
    text: 'full: every acknowledged write is on disk; normal: faster, a power cut may lose the last ones',
  }),
  ...RETENTION,
  /** Upgrade a file of an older version without copying it before; default false. */
  skipUpgradeBackup: option({
    schema: Joi.boolean(),
    default: false,
    text: 'upgrade a file of an older version without backing it up first',
  }),
};

/** For commands alone: a program passes its logger. */
export const LOG = {
  logLevel: option({
    schema: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    default: 'info',
    value: 'level',
    text: 'trace, debug, info, warn, error, fatal or silent',
  }),
  logFormat: option({
    schema: oneOf('auto', 'pretty', 'json'),
    default: 'auto',
    value: 'auto|pretty|json',
    text: 'auto is pretty on a terminal and JSON lines elsewhere',
  }),
};
