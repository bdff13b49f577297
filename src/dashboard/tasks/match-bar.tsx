import { useState } from 'react';
import type { BulkAction, BulkFilter, BulkPreview, FailureReason, TaskStatus } from '../../client/index.js';
import { describeError, queue } from '../api/client.js';
import type { ListFilter } from '../api/queries.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { formatCount } from '../components/format.js';
import { REASONS } from '../components/task-status.js';
import { usePermissions } from '../session/session.js';

interface MatchBarProps {
  filter: ListFilter;
  /** True if the list has no tasks to act on. */
  isEmpty: boolean;
  onDone(): void;
}

/** Actions on all tasks that match the filter, on any page. */
export function MatchBar({ filter, isEmpty, onDone }: MatchBarProps) {
  const { question, busy, said, ask, confirm, close } = useBulkChange(onDone);
  const { may } = usePermissions();
  const actions = isEmpty ? [] : actionsFor(filter).filter((action) => action !== 'delete' || may('admin'));
  const label = question && `${BULK_WORDS[question.action].name} ${tasksIn(question.count)}`;
  return (
    <div className="match-bar">
      {actions.map((action) => (
        <button
          type="button"
          key={action}
          className="button small-button"
          disabled={busy}
          onClick={() => ask(action, bulkFilterOf(filter))}
        >
          {BULK_WORDS[action].name} all…
        </button>
      ))}
      <span role="status" className="quiet">
        {said}
      </span>
      {question && label && (
        <ConfirmDialog
          title={`${label}?`}
          action={label}
          isDangerous={question.action !== 'retry'}
          onConfirm={() => confirm(question)}
          onClose={close}
        >
          <p>
            {filterInWords(question.action, filter)}: {tasksIn(question.count)}.{' '}
            {BULK_WORDS[question.action].consequence}
          </p>
          {breakdownInWords(question.preview) && <p>{breakdownInWords(question.preview)}</p>}
        </ConfirmDialog>
      )}
    </div>
  );
}

/** The confirmation, after the count. */
interface Question {
  action: BulkAction;
  filter: Filter;
  count: number;
  preview: BulkPreview;
}

export const tasksIn = (count: number): string => (count === 1 ? '1 task' : `${formatCount(count)} tasks`);

/** Counts the matching tasks, asks for confirmation, and changes them; `said` reports the progress. */
export function useBulkChange(onDone: () => void) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');

  const during = async (run: () => Promise<string>) => {
    setBusy(true);
    try {
      setSaid(await run());
    } catch (error) {
      setSaid(describeError(error as Error));
    } finally {
      setBusy(false);
    }
  };

  const ask = (action: BulkAction, filter: Filter) =>
    during(async () => {
      setSaid('Counting…');
      const preview = await queue.previewMany(action, filter as never);
      const { matched: count } = preview;
      if (count > 0) setQuestion({ action, filter, count, preview });
      return count > 0
        ? ''
        : [`No task can be ${BULK_WORDS[action].did}.`, breakdownInWords(preview)].join(' ').trim();
    });

  const confirm = ({ action, filter, count }: Question) =>
    during(async () => {
      const { did } = BULK_WORDS[action];
      let done = 0;
      const onProgress = (sofar: number) => {
        done = sofar;
        setSaid(`${formatCount(sofar)} of ${tasksIn(count)} ${did}…`);
      };
      setSaid(`0 of ${tasksIn(count)} ${did}…`);
      const run = { cancel: 'cancelMany', retry: 'retryMany', delete: 'deleteMany' } as const;
      try {
        await queue[run[action]](filter as never, { expected: count, onProgress });
        return `${tasksIn(done)} ${did}`;
      } catch (error) {
        const why = describeError(error as Error);
        return done > 0 ? `${tasksIn(done)} ${did}, then an error: ${why}` : why;
      } finally {
        onDone();
      }
    });

  return { question, busy, said, ask, confirm, close: () => setQuestion(null) };
}

/** The client's filter, for any types. */
export type Filter = BulkFilter<Record<string, never>>;

export const BULK_WORDS: Record<BulkAction, { name: string; did: string; consequence: string }> = {
  cancel: {
    name: 'Cancel',
    did: 'cancelled',
    consequence:
      'They are marked as failed, and running handlers are asked to stop. Only a retry can undo this.',
  },
  retry: {
    name: 'Retry',
    did: 'queued again',
    consequence: 'They are queued again with fresh attempts. Their results and errors are discarded.',
  },
  delete: {
    name: 'Delete',
    did: 'deleted',
    consequence: 'They are deleted together with their logs and results. This cannot be undone.',
  },
};

const ACTIONS_OF: Record<TaskStatus | 'any', BulkAction[]> = {
  any: ['cancel', 'retry', 'delete'],
  queued: ['cancel'],
  processing: ['cancel'],
  completed: ['retry', 'delete'],
  failed: ['retry', 'delete'],
};

/** The available actions on a list; none if a key narrows it to one task. */
export const actionsFor = ({ status, failureReason, idempotencyKey, ids }: ListFilter): BulkAction[] => {
  if (idempotencyKey !== undefined || ids?.length === 0) return [];
  return ACTIONS_OF[failureReason === undefined ? (status ?? 'any') : 'failed'];
};

/** The bulk filter of a list, independent of its page. */
export function bulkFilterOf({ status, type, failureReason, ids }: ListFilter): Filter {
  const filter = { status, type, failureReason, ids };
  return Object.values(filter).some((part) => part !== undefined) ? filter : { all: true };
}

/** The filter in words, for the confirmation. */
export function filterInWords(action: BulkAction, { status, type, failureReason, ids }: ListFilter): string {
  // Completed tasks are retried only if the filter names their status.
  const which =
    (failureReason === undefined ? status : 'failed') ??
    { cancel: 'live', retry: 'failed', delete: 'finished' }[action];
  const ofType = type === undefined ? '' : ` of type “${type}”`;
  const why =
    failureReason === undefined ? '' : ` with the reason “${REASONS[failureReason] || failureReason}”`;
  return `All ${which} tasks${ofType}${why}${ids ? ' with these ids' : ''}`;
}

/** The counts by reason, and what is left out, as sentences; empty if there is nothing to add. */
export function breakdownInWords({ byReason, cancelledLeftOut }: BulkPreview): string {
  const reasons = Object.entries(byReason ?? {}).map(
    ([reason, count]) => `${formatCount(count)} ${REASONS[reason as FailureReason] || reason}`,
  );
  const leftOut =
    cancelledLeftOut === 0
      ? ''
      : `${formatCount(cancelledLeftOut)} cancelled ${cancelledLeftOut === 1 ? 'task is' : 'tasks are'} not included: choose the reason “cancelled” to retry ${cancelledLeftOut === 1 ? 'it' : 'them'}.`;
  return [reasons.length > 0 ? `By reason: ${reasons.join(', ')}.` : '', leftOut].filter(Boolean).join(' ');
}
