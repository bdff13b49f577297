import { setTimeout as pause } from 'node:timers/promises';
import type { CustomHelpers } from 'joi';
import {
  allowedStatuses,
  type BulkAction,
  type BulkCriteria,
  type BulkPreview,
  type ReasonCounts,
} from '../core/bulk.js';
import { type Monotonic, systemMonotonic } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import { formatInstant } from '../core/instant.js';
import type { JsonObject } from '../core/json.js';
import { POLL_LIMITS } from '../core/limits.js';
import { FAILURE_REASONS, type FailureReason, type TaskStatus } from '../core/task.js';
import type {
  BulkCursor,
  BulkRepository,
  BulkRequest,
  BulkSelection,
} from '../repositories/task-repository.js';
import { instant, number, Schema } from '../validation/schema.js';
import { name } from '../validation/values.js';

/** Tasks changed in one transaction: a few milliseconds. */
const MOST_AT_ONCE = 50;

/**
 * Least pause in milliseconds between two transactions; otherwise as long as the last one took, leaving half of the
 * time to other writes.
 */
const PAUSE_MS = 2;

/** A bulk change whose tasks have been counted. */
export interface BulkCommand {
  action: BulkAction;
  filter: BulkCriteria;
  /** The number of tasks from the count; no more are changed. */
  expected: number;
  /** Where an earlier request ended. */
  cursor?: string | undefined;
  request?: BulkRequest | undefined;
}

export interface BulkLimits {
  /** Ends it after the current transaction. */
  signal?: AbortSignal | undefined;
  /** Milliseconds after which it likewise ends; default: no limit. */
  forMs?: number;
  /** Called after each transaction with the number of tasks done in all. */
  onProgress?(done: number): void;
}

export interface BulkOutcome {
  /** The count before the change; null if an earlier request has counted. */
  preview: BulkPreview | null;
  done: number;
  /** Where to continue; null when nothing is left. */
  cursor: string | null;
  /** The error that ended it early. */
  error?: string;
}

const CURSOR = /^(\d{1,15})\.(\d{1,15})$/;

function placesIn(cursor: string): { after: number; upTo: number } {
  const match = CURSOR.exec(cursor);
  if (match) return { after: Number(match[1]), upTo: Number(match[2]) };
  throw new SpooliteError('CURSOR_INVALID', 'The cursor does not come from a bulk change', [
    { pointer: '/cursor', message: 'does not come from a bulk change' },
  ]);
}

const countChanged = (matched: number, expected: number): SpooliteError =>
  new SpooliteError(
    'COUNT_CHANGED',
    `${matched} tasks match, more than the ${expected} that were expected: nothing was changed`,
  );

function added(sum: BulkPreview, { matched, byReason, cancelledLeftOut }: BulkPreview): BulkPreview {
  const reasons: ReasonCounts = { ...sum.byReason };
  for (const [reason, count] of Object.entries(byReason ?? {}) as [keyof ReasonCounts, number][])
    reasons[reason] = (reasons[reason] ?? 0) + count;
  return {
    matched: sum.matched + matched,
    byReason: byReason && reasons,
    cancelledLeftOut: sum.cancelledLeftOut + cancelledLeftOut,
  };
}

/** Changes all tasks that match a filter, in many small transactions, so that other writes are not delayed. */
export class BulkChange {
  readonly #repository: BulkRepository;
  readonly #monotonic: Monotonic;

  constructor(repository: BulkRepository, monotonic = systemMonotonic) {
    this.#repository = repository;
    this.#monotonic = monotonic;
  }

  /** Counts the matching tasks. Throws the signal's reason. */
  async count(action: BulkAction, filter: BulkCriteria, signal?: AbortSignal): Promise<BulkPreview> {
    return this.#count({ action, filter, upTo: await this.#repository.newestId() }, signal);
  }

  /**
   * Counts again, and throws COUNT_CHANGED if more match than expected; then changes each task that still matches at
   * its turn. What was done by the time it ends stays done. Throws storage errors only while nothing was changed.
   */
  async run(command: BulkCommand, limits: BulkLimits = {}): Promise<BulkOutcome> {
    const { action, filter, expected, cursor } = command;
    if (cursor !== undefined) {
      const { after, upTo } = placesIn(cursor);
      return { preview: null, ...(await this.#change(command, { action, filter, upTo }, after, limits)) };
    }
    const selection = { action, filter, upTo: await this.#repository.newestId() };
    const preview = await this.#count(selection, limits.signal);
    if (preview.matched > expected) throw countChanged(preview.matched, expected);
    return { preview, ...(await this.#change(command, selection, 0, limits)) };
  }

  async #count(selection: BulkSelection, signal?: AbortSignal): Promise<BulkPreview> {
    let sum: BulkPreview = { matched: 0, byReason: null, cancelledLeftOut: 0 };
    for (let after: BulkCursor = 0; after !== null; ) {
      signal?.throwIfAborted();
      const some = await this.#repository.countBatch(selection, after);
      sum = added(sum, some);
      after = some.after;
      // Yields to other work.
      await pause(0);
    }
    return sum;
  }

  async #change(
    { expected, request }: BulkCommand,
    selection: BulkSelection,
    from: number,
    { signal, forMs = Number.POSITIVE_INFINITY, onProgress }: BulkLimits,
  ): Promise<Omit<BulkOutcome, 'preview'>> {
    const end = this.#monotonic() + forMs;
    let [done, after, auditId]: [number, BulkCursor, number | null] = [0, from, null];
    const outcome = () => ({
      done,
      cursor: after === null || done >= expected ? null : `${after}.${selection.upTo}`,
    });
    while (after !== null && done < expected && !signal?.aborted && this.#monotonic() < end) {
      const most = Math.min(MOST_AT_ONCE, expected - done);
      const begun = this.#monotonic();
      try {
        const step = await this.#repository.applyBatch({ selection, after, most, request, auditId });
        ({ after, auditId } = step);
        done += step.changed;
      } catch (error) {
        if ((done === 0 && auditId === null) || !(error instanceof SpooliteError)) throw error;
        return { ...outcome(), error: error.message };
      }
      onProgress?.(done);
      if (after !== null) await pause(Math.max(this.#monotonic() - begun, PAUSE_MS));
    }
    return outcome();
  }
}

/** A validated filter of the API; instants are milliseconds since 1970 UTC. */
export interface BulkFilterFields {
  all?: true;
  status?: TaskStatus;
  type?: string;
  ids?: number[];
  failure_reason?: FailureReason;
  created_after_utc?: number;
  created_before_utc?: number;
}

export const toBulkFilter = (fields: BulkFilterFields): BulkCriteria => ({
  status: fields.status,
  type: fields.type,
  ids: fields.ids,
  failureReason: fields.failure_reason,
  createdAfter: fields.created_after_utc,
  createdBefore: fields.created_before_utc,
});

/** The filter for the audit log, with the API's names. */
export const filterToAudit = (fields: BulkFilterFields): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name.endsWith('_utc') ? formatInstant(value as number) : value,
    ]),
  );

/** A filter must name its tasks: one left empty by mistake would match everything. */
const requireCondition = (value: object, { error }: CustomHelpers) =>
  Object.keys(value).length === 0 ? error('bulk.empty') : value;

const anyFilter = {
  all: Schema.boolean().strict().valid(true).description('All tasks; only without another condition.'),
  type: name().description('Only tasks of exactly this type.'),
  ids: Schema.list()
    .items(number({ min: 1, max: Number.MAX_SAFE_INTEGER }).integer())
    .min(1)
    .max(POLL_LIMITS.ids)
    .description('Only these tasks.'),
  created_after_utc: instant().description('Only tasks that were created after this instant.'),
  created_before_utc: instant().description('Only tasks that were created before this instant.'),
};

const failureReason = Schema.string()
  .valid(...FAILURE_REASONS)
  .description('Only tasks that failed for this reason.');

const filterOf = (action: BulkAction, called: string) =>
  Schema.body({
    ...anyFilter,
    status: Schema.string()
      .valid(...allowedStatuses(action))
      .description('Only tasks that now have this status.'),
    ...(action !== 'cancel' && { failure_reason: failureReason }),
  })
    .custom(requireCondition)
    .meta({ name: `${called}Filter`, schema: { minProperties: 1 } })
    .required()
    .description('Which tasks: those that match all conditions.');

const bodyOf = (action: BulkAction, called: string) =>
  Schema.body({
    filter: filterOf(action, called),
    expected: number({ min: 0, max: Number.MAX_SAFE_INTEGER })
      .integer()
      .description(
        'The number of tasks that you expect to match; if more match, nothing is changed. Absent: only count them.',
      ),
    cursor: Schema.string().description(
      'Where to continue: the cursor of the previous answer, with the same filter. `expected` is then the number left.',
    ),
  })
    .meta({ name: called })
    .required();

export const bulkBodies = {
  cancel: bodyOf('cancel', 'BulkCancel'),
  retry: bodyOf('retry', 'BulkRetry'),
  delete: bodyOf('delete', 'BulkDelete'),
};
