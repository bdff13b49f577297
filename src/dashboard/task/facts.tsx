import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { REPLY_FIELDS } from '../../core/task-fields.js';
import type { Task } from '../api/client.js';
import { Ago } from '../components/ago.js';
import { formatDuration, formatTime } from '../components/format.js';
import { HiddenValue } from '../components/placeholders.js';
import { ProgressBar } from '../components/task-status.js';
import { JsonView } from '../components/text.js';
import { usePermissions } from '../session/session.js';

/** The progress of a running task. */
function Running({ task }: { task: Task }) {
  return (
    <section className="panel running" aria-label="Progress">
      <p>
        <b className="number">{task.progress === null ? 'Running' : `${Math.round(task.progress)} %`}</b>{' '}
        <span className="quiet">{task.progressMessage}</span>
      </p>
      {task.progress !== null && <ProgressBar progress={task.progress} label="Task progress" />}
    </section>
  );
}

/** A task's progress, error or result. */
export function Outcome({ task }: { task: Task }) {
  const { seesPayloads } = usePermissions();
  return (
    <>
      {task.status === 'processing' && <Running task={task} />}
      {task.errorMessage !== null && (
        <section className={`notice ${task.status === 'failed' ? 'bad' : ''}`} aria-labelledby="error">
          <strong id="error">
            {task.status === 'failed' ? 'Why it failed' : 'Error of the last attempt'}
          </strong>
          <p className="error-text">{task.errorMessage}</p>
        </section>
      )}
      {task.status === 'completed' && (
        <section className="panel">
          <h2 className="panel-head">Result</h2>
          {seesPayloads ? <JsonView value={task.result} label="Result" /> : <HiddenValue />}
        </section>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function When({ name, instant }: { name: string; instant: Date | null }) {
  if (!instant) return null;
  return (
    <Fact name={name}>
      {formatTime(instant)}{' '}
      <span className="quiet small">
        <Ago instant={instant} />
      </span>
    </Fact>
  );
}

/** The original fields have fixed places on the page; those added later follow, with their labels. */
const LATER_FIELDS = REPLY_FIELDS.filter(({ addedLater, label }) => addedLater && label);

const shown = (value: unknown): string => {
  if (value instanceof Date) return formatTime(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

function LaterFacts({ task }: { task: Task }) {
  const values = task as unknown as Record<string, unknown>;
  const present = LATER_FIELDS.filter(({ property }) => (values[property] ?? null) !== null);
  return present.map(({ property, label = '' }) => (
    <Fact key={property} name={`${label.charAt(0).toUpperCase()}${label.slice(1)}`}>
      {shown(values[property])}
    </Fact>
  ));
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** The fields of a task. */
export function Facts({ task }: { task: Task }) {
  const { type, createdAt, runAfter, processingStartedAt, finishedAt } = task;
  return (
    <dl className="facts">
      <Fact name="Type">
        <Link href={`/tasks?${new URLSearchParams({ type })}`}>{type}</Link>
      </Fact>
      <Fact name="Priority">{task.priority}</Fact>
      <Fact name="Attempts">
        {task.attempts} of {task.maxAttempts}
      </Fact>
      {task.lockedBy && <Fact name={task.done ? 'Last worker' : 'Worker'}>{task.lockedBy}</Fact>}
      <When name="Enqueued" instant={createdAt} />
      {runAfter.getTime() > createdAt.getTime() && <When name="Due" instant={runAfter} />}
      <When name="Started" instant={processingStartedAt} />
      <When name="Finished" instant={finishedAt} />
      {processingStartedAt && finishedAt && (
        <Fact name="Duration">{formatDuration(secondsBetween(processingStartedAt, finishedAt))}</Fact>
      )}
      <When name="Lease expires" instant={task.leaseUntil} />
      {task.idempotencyKey !== null && <Fact name="Idempotency key">{task.idempotencyKey}</Fact>}
      {Object.keys(task.compatibility).length > 0 && (
        <Fact name="Requires">
          <code>{JSON.stringify(task.compatibility)}</code>
        </Fact>
      )}
      <LaterFacts task={task} />
    </dl>
  );
}
