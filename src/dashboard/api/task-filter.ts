import type { FailureReason, TaskStatus } from '../../client/index.js';

/** What a list of tasks shows; what is absent is no filter. */
export interface TaskFilter {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  idempotencyKey?: string;
  /** These tasks and no others; everything else still holds. */
  ids?: readonly number[];
  /** Where the page begins; absent on the first. */
  cursor?: string;
}
