import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import { describeError, queue, type Task } from '../api/client.js';
import { keys } from '../api/queries.js';
import { ConfirmDialog } from '../components/confirm-dialog.js';
import { usePermissions } from '../session/session.js';
import { MissingScopes } from '../session/session-gate.js';

const QUESTIONS = {
  cancel: {
    name: 'Cancel',
    title: 'Cancel this task?',
    action: 'Cancel task',
    text: 'The task is marked as failed. If a handler is running it, the handler is asked to stop.',
  },
  retry: {
    name: 'Retry',
    title: 'Retry this task?',
    action: 'Retry task',
    text: 'The task is queued again with fresh attempts. Its result or error is discarded.',
  },
};

/** The available actions on a task. */
export function Actions({ task }: { task: Task }) {
  const client = useQueryClient();
  const { may } = usePermissions();
  const mayChange = may('enqueue', 'read');
  const [isAsking, setAsking] = useState(false);
  const lackingId = useId();
  const kind = task.done ? 'retry' : 'cancel';
  const { name, title, action, text } = QUESTIONS[kind];
  const { mutate, isPending, data, error } = useMutation({
    mutationFn: (what: typeof kind) => queue[what](task.taskId),
    onSettled: () => client.invalidateQueries({ queryKey: keys.task(task.taskId) }),
  });
  return (
    <div className="actions">
      {may('enqueue') && (
        <Link href={`/new?like=${task.taskId}`} className="button">
          Duplicate
        </Link>
      )}
      <button
        type="button"
        className={`button ${kind === 'cancel' ? 'danger' : ''}`}
        disabled={isPending || !mayChange}
        aria-describedby={mayChange ? undefined : lackingId}
        onClick={() => setAsking(true)}
      >
        {name}
      </button>
      <span id={lackingId} className="quiet small">
        <MissingScopes what={`${name} requires`} needed={['enqueue', 'read']} />
      </span>
      <span role="status" className={error ? 'field-error' : 'quiet small'}>
        {error ? describeError(error) : data?.message}
      </span>
      {isAsking && (
        <ConfirmDialog
          title={title}
          action={action}
          isDangerous={kind === 'cancel'}
          onConfirm={() => mutate(kind)}
          onClose={() => setAsking(false)}
        >
          <p>{text}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
