import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/task.js';
import { Ago } from '../components/ago.js';
import { formatDuration } from '../components/format-duration.js';
import { formatTime } from '../components/format-instant.js';

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

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000;

/** What is known of a task. */
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
        <Fact name="Ran for">{formatDuration(secondsBetween(processingStartedAt, finishedAt))}</Fact>
      )}
      <When name="Lease until" instant={task.leaseUntil} />
      {task.idempotencyKey !== null && <Fact name="Idempotency key">{task.idempotencyKey}</Fact>}
      {Object.keys(task.compatibility).length > 0 && (
        <Fact name="Requires">
          <code>{JSON.stringify(task.compatibility)}</code>
        </Fact>
      )}
    </dl>
  );
}
