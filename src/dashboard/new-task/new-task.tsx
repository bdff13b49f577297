import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ApiError } from '../../client/index.js';
import { TASK_LIMITS } from '../../core/limits.js';
import { queue } from '../api/client.js';
import { taskQuery, useKnownTypes } from '../api/queries.js';
import { Field } from '../components/field.js';
import { ErrorNote, Loading } from '../components/placeholders.js';
import { usePermissions } from '../session/session.js';
import { PageHeading } from '../shell/page-heading.js';
import {
  type Draft,
  type DraftedTask,
  draftLike,
  EMPTY,
  fieldOf,
  type Problems,
  parseDraft,
} from './draft.js';
import { JsonField, TypeHint } from './fields.js';

const { priority, maxAttempts } = TASK_LIMITS;

/** A form prefilled from another task. */
function FormLike({ id }: { id: number }) {
  const { data, error, refetch } = useQuery(taskQuery(id));
  if (data)
    return (
      <>
        {data.payload === null && (
          <p className="notice plain">
            The payload is hidden from your key, so this form starts with an empty one.
          </p>
        )}
        <TaskForm initial={draftLike(data)} />
      </>
    );
  if (error) return <ErrorNote title={`Could not load task ${id}`} error={error} onRetry={refetch} />;
  return <Loading />;
}

export function NewTaskScreen() {
  const like = Number(new URLSearchParams(useSearch()).get('like'));
  return (
    <>
      <div className="page-head">
        <PageHeading title="New task">{like ? `Duplicate task #${like}` : 'New task'}</PageHeading>
      </div>
      {like ? <FormLike key={like} id={like} /> : <TaskForm key="empty" initial={EMPTY} />}
    </>
  );
}

/** The server's errors, by field of the draft. */
const problemsIn = (error: Error | null): Problems =>
  error instanceof ApiError
    ? Object.fromEntries(
        error.problems.map(({ pointer, message }) => [fieldOf(pointer) ?? '', `It ${message}.`]),
      )
    : {};

/** Returns a function that focuses the first invalid field once it is marked. */
function useFocusProblem(form: { current: HTMLFormElement | null }) {
  const isAsked = useRef(false);
  useEffect(() => {
    const field = isAsked.current && form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (!field) return;
    isAsked.current = false;
    field.focus();
  });
  return (asked: boolean) => {
    isAsked.current = asked;
  };
}

/** The draft, its problems, and the submission. */
function useTaskForm(initial: Draft) {
  const form = useRef<HTMLFormElement>(null);
  const focusProblem = useFocusProblem(form);
  const [, navigate] = useLocation();
  const maySee = usePermissions().may('read');
  const [draft, setDraft] = useState(initial);
  const [found, setFound] = useState<Problems>({});
  const sending = useMutation({
    mutationFn: (task: DraftedTask) => queue.enqueue(task),
    onSuccess: ({ taskId }) => maySee && navigate(`/tasks/${taskId}`),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const parsed = parseDraft(draft);
    focusProblem(true);
    setFound('problems' in parsed ? parsed.problems : {});
    if ('task' in parsed) sending.mutate(parsed.task);
  };
  const change = (part: Partial<Draft>) => {
    focusProblem(false);
    setDraft({ ...draft, ...part });
    sending.reset();
    setFound({});
  };
  return { form, draft, change, submit, sending, problems: { ...found, ...problemsIn(sending.error) } };
}

export function TaskForm({ initial }: { initial: Draft }) {
  const { form, draft, change, submit, sending, problems } = useTaskForm(initial);
  const types = useKnownTypes();
  const typesId = useId();
  const text = (name: keyof Draft) => ({
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => change({ [name]: target.value }),
  });
  const isElsewhere = sending.error && Object.keys(problems).length === 0;
  return (
    <form ref={form} className="panel task-form" onSubmit={submit} noValidate>
      {isElsewhere && <ErrorNote title="The task was not enqueued" error={sending.error as Error} />}
      {sending.data && (
        <p className="notice plain" role="status">
          Task {sending.data.taskId} enqueued.
        </p>
      )}
      <Field label="Type" name="type" problem={problems.type} hint={<TypeHint type={draft.type} />}>
        {(control) => <input {...control} {...text('type')} list={typesId} autoComplete="off" required />}
      </Field>
      <datalist id={typesId}>
        {types.map((type) => (
          <option key={type} value={type} />
        ))}
      </datalist>
      <JsonField
        label="Payload"
        name="payload"
        rows={8}
        hint="JSON object passed to the handler."
        value={draft.payload}
        problem={problems.payload}
        onChange={(payload) => change({ payload })}
      />
      <div className="form-row">
        <Field
          label="Priority"
          name="priority"
          problem={problems.priority}
          hint={`${priority.min} to ${priority.max}. Lower runs first.`}
        >
          {(control) => (
            <input {...control} {...text('priority')} type="number" min={priority.min} max={priority.max} />
          )}
        </Field>
        <Field
          label="Max attempts"
          name="maxAttempts"
          problem={problems.maxAttempts}
          hint={`${maxAttempts.min} to ${maxAttempts.max}, including the first.`}
        >
          {(control) => (
            <input
              {...control}
              {...text('maxAttempts')}
              type="number"
              min={maxAttempts.min}
              max={maxAttempts.max}
            />
          )}
        </Field>
        <Field
          label="Run after (local time)"
          name="runAfter"
          problem={problems.runAfter}
          hint="Leave empty to run now."
        >
          {(control) => <input {...control} {...text('runAfter')} type="datetime-local" step={1} />}
        </Field>
      </div>
      <details open={draft.compatibility !== '{}' || undefined}>
        <summary>Requirements and idempotency key</summary>
        <div className="form-more">
          <JsonField
            label="Requires"
            name="compatibility"
            rows={3}
            hint={
              'JSON object, such as {"region": "us-west"}. Only workers with these capabilities take the task.'
            }
            value={draft.compatibility}
            problem={problems.compatibility}
            onChange={(compatibility) => change({ compatibility })}
          />
          <Field
            label="Idempotency key"
            name="idempotencyKey"
            problem={problems.idempotencyKey}
            hint="Enqueueing again with the same key returns the existing task."
          >
            {(control) => <input {...control} {...text('idempotencyKey')} autoComplete="off" />}
          </Field>
        </div>
      </details>
      <div className="form-actions">
        <button type="submit" className="button primary" disabled={sending.isPending}>
          {sending.isPending ? 'Enqueueing…' : 'Enqueue'}
        </button>
      </div>
    </form>
  );
}
