import { UserError } from '../core/errors.js';
import type { Retention, RetentionPeriod, TaskRetention } from '../core/maintenance.js';

/** Days for which something is kept, fractions too; null is for ever. */
export type Days = number | null;

export interface RetentionOptions {
  /** Days a completed task is kept; null is for ever; default 7. */
  keepCompletedDays?: Days;
  /** Days a failed task is kept; null is for ever; default 30. */
  keepFailedDays?: Days;
  /** Days the log of a finished task is kept, and the entries of a live one; null is as long as the task; default 30. */
  keepLogDays?: Days;
  /** Days an entry of the audit log is kept; null is for ever; default 365. */
  keepAuditDays?: Days;
  /** What holds for the tasks of certain types instead. */
  retentionByType?: Readonly<Record<string, { completed?: Days; failed?: Days; logs?: Days }>>;
}

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

/** How long everything is kept. Throws {@link UserError} for what is no number of days. */
export function resolveRetention(options: RetentionOptions): Retention {
  const { keepCompletedDays = 7, keepFailedDays = 30, keepLogDays = 30, keepAuditDays = 365 } = options;
  const types = Object.entries(options.retentionByType ?? {});
  return {
    completedMs: kept('keepCompletedDays', keepCompletedDays),
    failedMs: kept('keepFailedDays', keepFailedDays),
    logsMs: kept('keepLogDays', keepLogDays),
    auditMs: kept('keepAuditDays', keepAuditDays),
    types: Object.fromEntries(types.map(([type, days]) => [type.trim(), ofType(type, days)])),
  };
}
