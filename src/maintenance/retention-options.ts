import { type Options, resolveOptions } from '../config/option.js';
import type { Days } from '../config/retention-days.js';
import { RETENTION } from '../config/storage-options.js';
import { UserError } from '../core/errors.js';
import type { Retention, RetentionPeriod, TaskRetention } from '../core/maintenance.js';

const DAY_MS = 86_400_000;

function kept(name: string, days: Days): RetentionPeriod {
  if (days === null) return null;
  if (typeof days === 'number' && days >= 0) return days * DAY_MS;
  throw new UserError(`${name} must be a number of days, 0 or more, or null, not ${days}.`);
}

const FIELDS = { completed: 'completedMs', failed: 'failedMs', logs: 'logsMs' } as const;

function ofType(type: string, days: object): Partial<TaskRetention> {
  const place = (name: string) => `retentionByType of ${JSON.stringify(type)}: ${name}`;
  const entries = Object.entries(days).filter(([, value]) => value !== undefined);
  const unknown = entries.find(([name]) => !Object.hasOwn(FIELDS, name));
  if (unknown) throw new UserError(`${place(unknown[0])} is not one of completed, failed and logs.`);
  return Object.fromEntries(
    entries.map(([name, value]) => [FIELDS[name as keyof typeof FIELDS], kept(place(name), value)]),
  );
}

/** How long everything is kept. Throws {@link UserError} for an invalid number of days. */
export function resolveRetention(options: Options<typeof RETENTION>): Retention {
  const { keepCompletedDays, keepFailedDays, keepLogDays, keepAuditDays, retentionByType } = resolveOptions(
    RETENTION,
    options,
  );
  const types = Object.entries(retentionByType);
  return {
    completedMs: kept('keepCompletedDays', keepCompletedDays),
    failedMs: kept('keepFailedDays', keepFailedDays),
    logsMs: kept('keepLogDays', keepLogDays),
    auditMs: kept('keepAuditDays', keepAuditDays),
    types: Object.fromEntries(types.map(([type, days]) => [type.trim(), ofType(type, days)])),
  };
}
