export type { BulkPreview, ReasonCounts } from '../domain/bulk.js';

import type { FailureReason, TaskStatus } from '../domain/task-status.js';
import type { CallOptions } from './queries.js';
import type { TypeOf } from './task-types.js';

/** What can be done to many tasks at once. */
export type BulkAction = 'cancel' | 'retry' | 'delete';

/** Which tasks are meant: those for which all of it is true. Every task there is must be asked for as such. */
export type BulkFilter<Tasks> =
  | { all: true }
  | {
      /** Default: whatever can be cancelled or deleted; of those that could be tried again, the failed ones. A retry meets cancelled ones only where `ids` or `failureReason` name them. */
      status?: TaskStatus;
      type?: TypeOf<Tasks>;
      /** At most 1000. */
      ids?: readonly number[];
      failureReason?: FailureReason;
      createdAfter?: Date | string;
      createdBefore?: Date | string;
    };

export interface BulkOptions extends CallOptions {
  /** How many tasks are meant, as `countMatching` has told: where more match, it rejects with `COUNT_CHANGED`. */
  expected: number;
  /** Told now and then how many are done. What is done stays done, whatever the call ends with. */
  onProgress?(done: number): void;
}
