import type { TaskFilter } from '../api/task-filter.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { useAccess } from '../session/use-session.js';
import { actionsFor, BULK_WORDS, breakdownInWords, bulkFilterOf, filterInWords } from './bulk-actions.js';
import { tasksIn, useBulkChange } from './use-bulk-change.js';

interface MatchBarProps {
  filter: TaskFilter;
  /** True when the list has nothing to do anything to. */
  isEmpty: boolean;
  onDone(): void;
}

/** What can be done to all tasks that match the filter, on whatever page they are. */
export function MatchBar({ filter, isEmpty, onDone }: MatchBarProps) {
  const { question, busy, said, ask, confirm, close } = useBulkChange(onDone);
  const { may } = useAccess();
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
