import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { Scope } from '../core/access.js';
import { BULK_ACTIONS, type BulkAction, type BulkPreview, type ReasonCounts } from '../core/bulk.js';
import { SpooliteError } from '../core/errors.js';
import { FAILURE_REASONS } from '../core/task.js';
import type { BulkRequest as Asked } from '../repositories/task-repository.js';
import {
  type BulkChange,
  type BulkFilterFields,
  type BulkOutcome,
  bulkBodies,
  filterToAudit,
  toBulkFilter,
} from '../services/bulk-change.js';
import { integer, nullable, resource, text } from './resource-fields.js';
import { disconnectSignal, sendJson } from './respond.js';
import { named, type Route, type RouteDocs } from './route.js';
import { examples, jsonReply } from './route-docs.js';

/** Milliseconds after which a request replies with its progress: clients and proxies have timeouts. */
const SLICE_MS = 5_000;

const STOPPING = 'The server is stopping; nothing was changed';

interface Body {
  filter: BulkFilterFields;
  /** Absent: only count. */
  expected?: number;
  cursor?: string;
}

interface BulkRequest {
  body: Body;
}

interface Reply {
  matched: number | null;
  failure_reasons: ReasonCounts | null;
  cancelled_left_out: number | null;
  done: number;
  cursor: string | null;
  message: string;
}

const DID: Record<BulkAction, string> = { cancel: 'cancelled', retry: 'queued again', delete: 'deleted' };

const previewResource = (preview: BulkPreview | null) => ({
  matched: preview?.matched ?? null,
  failure_reasons: preview?.byReason ?? null,
  cancelled_left_out: preview?.cancelledLeftOut ?? null,
});

const tasks = (count: number): string => (count === 1 ? '1 task' : `${count} tasks`);

function foundMessage({ matched, cancelledLeftOut }: BulkPreview): string {
  const text = `${tasks(matched)} ${matched === 1 ? 'matches' : 'match'}; nothing was changed`;
  if (cancelledLeftOut === 0) return text;
  return `${text}. Not included: ${cancelledLeftOut} cancelled; set failure_reason to include them`;
}

function messageOf(action: BulkAction, { done, cursor, error }: BulkOutcome, isStopping: boolean): string {
  const text = `${tasks(done)} ${DID[action]}`;
  if (error !== undefined) return `${text}, then an error: ${error}`;
  if (cursor === null) return text;
  return isStopping ? `${text}; the server is stopping` : `${text}; send the cursor to continue`;
}

/** Changes of many tasks at once. */
export class BulkController {
  readonly #change: BulkChange;
  readonly #stopping: AbortSignal;

  constructor(change: BulkChange, stopping: AbortSignal) {
    this.#change = change;
    this.#stopping = stopping;
  }

  cancel = (req: BulkRequest, res: HttpResponse): Promise<void> => this.#answer('cancel', req, res);
  retry = (req: BulkRequest, res: HttpResponse): Promise<void> => this.#answer('retry', req, res);
  delete = (req: BulkRequest, res: HttpResponse): Promise<void> => this.#answer('delete', req, res);

  async #answer(action: BulkAction, { body }: BulkRequest, res: HttpResponse): Promise<void> {
    const hungUp = disconnectSignal(res);
    try {
      const signal = AbortSignal.any([hungUp, this.#stopping]);
      const reply = await this.#reply(action, body, res, signal);
      sendJson(res, 200, JSON.stringify(reply));
    } catch (error) {
      // The client has disconnected.
      if (hungUp.aborted) return;
      // Aborted while still counting.
      if (this.#stopping.aborted) throw new SpooliteError('NOT_READY', STOPPING);
      throw error;
    }
  }

  async #reply(action: BulkAction, body: Body, res: HttpResponse, signal: AbortSignal): Promise<Reply> {
    const { expected, cursor } = body;
    const filter = toBulkFilter(body.filter);
    if (expected === undefined) {
      const found = await this.#change.count(action, filter, signal);
      return { ...previewResource(found), done: 0, cursor: null, message: foundMessage(found) };
    }
    const request: Asked = { actor: actorOf(res), filter: filterToAudit(body.filter), expected };
    const command = { action, filter, expected, cursor, request };
    const outcome = await this.#change.run(command, { signal, forMs: SLICE_MS });
    const message = messageOf(action, outcome, this.#stopping.aborted);
    const { preview, done, cursor: next } = outcome;
    return { ...previewResource(preview), done, cursor: next, message };
  }
}

/** Deletion cannot be undone; the scopes of cancel and retry are those of the same actions on one task. */
const SCOPES: Record<BulkAction, readonly Scope[]> = {
  cancel: ['enqueue', 'read'],
  retry: ['enqueue', 'read'],
  delete: ['admin'],
};

export const bulkRoutes = (bulk: BulkController): Route[] =>
  BULK_ACTIONS.map((action) => ({
    method: 'post',
    path: `/api/queue/bulk/${action}`,
    scopes: SCOPES[action],
    rateLimit: 'writes',
    schemas: { body: bulkBodies[action] },
    docs: bulkDocs[action],
    handle: bulk[action],
  }));

const bulkOutcomeSchema = named(
  'BulkOutcome',
  resource('The progress of a bulk change.', {
    matched: nullable(
      integer('How many tasks matched when they were counted; null where a cursor was sent.'),
    ),
    failure_reasons: nullable({
      ...resource(
        'The matching tasks by failure reason; null where tasks that did not fail can match too, or a cursor was sent.',
        Object.fromEntries(
          FAILURE_REASONS.map((reason) => [
            reason,
            integer(`How many failed with the reason \`${reason}\`.`),
          ]),
        ),
      ),
      required: [],
    }),
    cancelled_left_out: nullable(
      integer(
        'Cancelled tasks that match but are left out, as a retry includes them only where `ids` or `failure_reason` name them; null where a cursor was sent.',
      ),
    ),
    done: integer('How many were changed by this request.'),
    cursor: nullable(
      text(
        'Send it in a request to continue from here; null when nothing is left, or nothing was to be changed.',
      ),
    ),
    message: text('What happened, for people.'),
  }),
);

const HOW =
  'Without `expected` the request only counts the matching tasks. Send that number as `expected` to change them; if more match by then, nothing is changed (`COUNT_CHANGED`). Tasks enqueued in the meantime are not included.\n\nTasks are changed in small transactions, in the order of their ids, each as by a request of its own. The answer comes within seconds; a `cursor` in it means that there are more: send it, with the rest as `expected`, until it is null. What a request has done by the time its client disconnects or the server stops stays done.';

interface Words {
  operationId: string;
  summary: string;
  what: string;
  filter: object;
  /** The reason counts in the examples. */
  reasons: object | null;
}

function docsOf(action: BulkAction, { operationId, summary, what, filter, reasons }: Words): RouteDocs {
  const did = DID[action];
  const counted = { failure_reasons: reasons, cancelled_left_out: 0 };
  return {
    operationId,
    tag: 'tasks',
    summary,
    description: `${what}\n\n${HOW}`,
    bodies: examples({
      'How many?': { filter },
      'Exactly the counted tasks': { filter, expected: 1500 },
    }),
    replies: {
      200: jsonReply('How many tasks were counted or changed.', bulkOutcomeSchema, {
        Counted: {
          matched: 1500,
          ...counted,
          done: 0,
          cursor: null,
          message: '1500 tasks match; nothing was changed',
        },
        Done: {
          matched: 1500,
          ...counted,
          done: 1500,
          cursor: null,
          message: `1500 tasks ${did}`,
        },
        'More to do': {
          matched: null,
          failure_reasons: null,
          cancelled_left_out: null,
          done: 41200,
          cursor: '41200.250000',
          message: `41200 tasks ${did}; send the cursor to continue`,
        },
      }),
    },
    errors: ['COUNT_CHANGED', 'CURSOR_INVALID'],
  };
}

export const bulkDocs: Record<BulkAction, RouteDocs> = {
  cancel: docsOf('cancel', {
    operationId: 'cancelTasks',
    summary: 'Cancel many tasks',
    what: 'Applies to `queued` and `processing` tasks.',
    filter: { type: 'video_processing', status: 'queued' },
    reasons: null,
  }),
  retry: docsOf('retry', {
    operationId: 'retryTasks',
    summary: 'Queue many finished tasks again',
    what: 'Applies to `failed` tasks; to `completed` ones only if `status` names it, to cancelled ones only if `ids` or `failure_reason` name them.',
    filter: { type: 'video_processing', failure_reason: 'timeout' },
    reasons: { timeout: 1500 },
  }),
  delete: docsOf('delete', {
    operationId: 'deleteTasks',
    summary: 'Delete many finished tasks',
    what: 'Applies to `completed` and `failed` tasks; live ones must be cancelled first. A task is deleted together with its log, its result and its idempotency key, and its id is never reused. Change feed and events do not report the deletion.',
    reasons: null,
    filter: { status: 'completed', created_before_utc: '2025-11-01T00:00:00Z' },
  }),
};
