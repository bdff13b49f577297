import { sql } from 'drizzle-orm';
import type { ClaimedTask } from '../../core/task.js';
import { tasks } from '../../db/sqlite/schema.js';
import { rowMapper } from './row-mapper.js';
import { taskColumns } from './task-columns.js';

/** What a claim gives of each task. */
export const claimedColumns = {
  ...taskColumns,
  leaseToken: sql<string>`lease_token`,
  leaseMs: sql<number>`lease_ms`,
  traceparent: tasks.traceparent,
};

/** The bare values of those columns: between threads they travel without the names. The id comes first. */
export type ClaimedRow = [id: number, ...values: unknown[]];

export const toClaimedTasks = rowMapper<ClaimedTask>(claimedColumns);
