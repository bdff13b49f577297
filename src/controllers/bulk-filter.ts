import type { BulkFilter } from '../domain/bulk.js';
import { formatInstant } from '../domain/instant.js';
import type { JsonObject } from '../domain/json.js';
import type { FailureReason, TaskStatus } from '../domain/task-status.js';

/** A filter as the API has it, validated; instants are milliseconds since 1970 UTC. */
export interface BulkFilterFields {
  all?: true;
  status?: TaskStatus;
  type?: string;
  ids?: number[];
  failure_reason?: FailureReason;
  created_after_utc?: number;
  created_before_utc?: number;
}

export const toBulkFilter = (fields: BulkFilterFields): BulkFilter => ({
  status: fields.status,
  type: fields.type,
  ids: fields.ids,
  failureReason: fields.failure_reason,
  createdAfter: fields.created_after_utc,
  createdBefore: fields.created_before_utc,
});

/** The filter for the audit log: in the words of the API. */
export const toldFilter = (fields: BulkFilterFields): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name.endsWith('_utc') ? formatInstant(value as number) : value,
    ]),
  );
