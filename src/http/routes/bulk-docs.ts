import type { BulkAction } from '../../domain/bulk.js';
import { examples } from '../openapi/examples.js';
import { jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const HOW =
  'Without `expected` it only says how many tasks match. Repeat that number as `expected`, and it is done; where more match by then, nothing is changed (`COUNT_CHANGED`). Tasks that are enqueued meanwhile are not met.\n\nTasks are changed in small transactions, in the order of their ids, each as if it had been asked for alone. An answer comes after some seconds at the latest; `cursor` in it says that there are more: send it, with what is left as `expected`, until it is null. What a request has done by the time its client hangs up or the server stops stays done.';

const DID: Record<BulkAction, string> = { cancel: 'cancelled', retry: 'queued again', delete: 'deleted' };

interface Words {
  operationId: string;
  summary: string;
  what: string;
  filter: object;
  /** What is told of reasons in the examples. */
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
      'Those, and no more': { filter, expected: 1500 },
    }),
    replies: {
      200: jsonReply('What was counted, or done.', 'BulkOutcome', {
        Counted: {
          matched: 1500,
          ...counted,
          done: 0,
          cursor: null,
          message: '1500 tasks match; nothing was changed',
        },
        'All of it': {
          matched: 1500,
          ...counted,
          done: 1500,
          cursor: null,
          message: `1500 tasks ${did}`,
        },
        'There are more': {
          matched: null,
          failure_reasons: null,
          cancelled_left_out: null,
          done: 41200,
          cursor: '41200.250000',
          message: `41200 tasks ${did}; send the cursor to go on`,
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
    what: 'Meets tasks that are `queued` or `processing`.',
    filter: { type: 'video_processing', status: 'queued' },
    reasons: null,
  }),
  retry: docsOf('retry', {
    operationId: 'retryTasks',
    summary: 'Queue many finished tasks again',
    what: 'Meets tasks that have `failed`; those that are `completed` only where `status` says so, those that were cancelled only where `ids` or `failure_reason` name them.',
    filter: { type: 'video_processing', failure_reason: 'timeout' },
    reasons: { timeout: 1500 },
  }),
  delete: docsOf('delete', {
    operationId: 'deleteTasks',
    summary: 'Delete many finished tasks',
    what: 'Meets tasks that are `completed` or `failed`; live ones must be cancelled first. A task goes with its log, its result and its idempotency key, and its id is never given again. Change feed and events say nothing of it: a task that is gone has no state to tell.',
    reasons: null,
    filter: { status: 'completed', created_before_utc: '2025-11-01T00:00:00Z' },
  }),
};
