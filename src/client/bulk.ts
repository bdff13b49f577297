import type { BulkAction, BulkPreview, ReasonCounts } from '../core/bulk.js';
import type { FailureReason, TaskStatus } from '../core/task.js';
import type { Connection } from './connection.js';
import type { CallOptions } from './queries.js';
import type { TypeOf } from './task-types.js';

export type { BulkAction, BulkPreview, ReasonCounts };

/** Selects the tasks that meet all conditions. Selecting every task must be explicit. */
export type BulkFilter<Tasks> =
  | { all: true }
  | {
      /**
       * Default: all that can be cancelled or deleted; for a retry, the failed ones. A retry includes cancelled ones
       * only if `ids` or `failureReason` name them.
       */
      status?: TaskStatus;
      type?: TypeOf<Tasks>;
      /** At most 1000. */
      ids?: readonly number[];
      failureReason?: FailureReason;
      createdAfter?: Date | string;
      createdBefore?: Date | string;
    };

export interface BulkOptions extends CallOptions {
  /** The number of tasks from `countMatching`: if more match, it rejects with `COUNT_CHANGED`. */
  expected: number;
  /** Called now and then with the number of tasks done. What is done stays done, however the call ends. */
  onProgress?(done: number): void;
}

interface BulkReply {
  matched: number | null;
  failure_reasons: ReasonCounts | null;
  cancelled_left_out: number | null;
  done: number;
  cursor: string | null;
}

/** One request of a bulk change. */
async function sendBulk(
  connection: Connection,
  action: BulkAction,
  body: object,
  signal?: AbortSignal,
): Promise<BulkReply> {
  const reply = await connection.request({ method: 'POST', path: `/bulk/${action}`, body, signal });
  return reply.body as BulkReply;
}

export async function previewMany(
  connection: Connection,
  action: BulkAction,
  filter: object,
  signal?: AbortSignal,
): Promise<BulkPreview> {
  const body = { filter: bulkFilterBody(filter) };
  const found = await sendBulk(connection, action, body, signal);
  return {
    matched: found.matched as number,
    byReason: found.failure_reasons,
    cancelledLeftOut: found.cancelled_left_out as number,
  };
}

/** Sends requests until all is done, as a server replies after some seconds; resolves to the number of tasks. */
export async function changeMany(
  connection: Connection,
  action: BulkAction,
  filter: object,
  { expected, signal, onProgress }: BulkOptions,
): Promise<number> {
  const body = { filter: bulkFilterBody(filter) };
  let done = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const outcome = await sendBulk(
      connection,
      action,
      { ...body, expected: expected - done, cursor },
      signal,
    );
    done += outcome.done;
    ({ cursor } = outcome);
    onProgress?.(done);
  }
  return done;
}

const BULK_FILTER_FIELDS: Readonly<Record<string, string>> = {
  failureReason: 'failure_reason',
  createdAfter: 'created_after_utc',
  createdBefore: 'created_before_utc',
};

/** A filter for the API. Misspelt names are passed on, for the API to refuse; undefined members are not. */
export const bulkFilterBody = (filter: object): object =>
  Object.fromEntries(
    Object.entries(filter)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [
        BULK_FILTER_FIELDS[name] ?? name,
        value instanceof Date ? value.toISOString() : value,
      ]),
  );
