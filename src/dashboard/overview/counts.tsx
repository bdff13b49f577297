import { useQuery } from '@tanstack/react-query';
import type { CSSProperties } from 'react';
import { Link } from 'wouter';
import type { DueStats, QueueStats, TaskStatus } from '../../client/index.js';
import { dueQuery, statsQuery } from '../api/queries.js';
import { formatCount } from '../components/format-count.js';
import { formatDuration } from '../components/format-duration.js';

interface FigureProps {
  name: string;
  status?: TaskStatus;
  children: string | undefined;
}

/** One number of the queue; leads to its tasks. */
function Figure({ name, status, children: text = '–' }: FigureProps) {
  return (
    <Link className="figure" href={status ? `/tasks?status=${status}` : '/tasks'} data-status={status}>
      <span className="figure-name">{name}</span>
      <span className="figure-value number" style={{ '--length': text.length } as CSSProperties}>
        {text}
      </span>
    </Link>
  );
}

const count = (stats: QueueStats | undefined, of: keyof QueueStats): string | undefined => {
  const value = stats?.[of];
  return value === undefined || value === null ? undefined : formatCount(value);
};

function oldestAge(due: DueStats | undefined): string | undefined {
  const age = due?.oldestDueAgeSeconds;
  if (age === undefined) return undefined;
  return age === null ? 'none' : formatDuration(Math.floor(age));
}

/** The six counts of the queue. */
export function Counts() {
  const { data } = useQuery(statsQuery);
  const { data: due } = useQuery(dueQuery);
  return (
    <section className="figures" aria-label="Tasks by status" aria-busy={!data}>
      <Figure name="Queued" status="queued">
        {count(data, 'queuedTasks')}
      </Figure>
      <Figure name="Processing" status="processing">
        {count(data, 'processingTasks')}
      </Figure>
      <Figure name="Completed" status="completed">
        {count(data, 'completedTasks')}
      </Figure>
      <Figure name="Failed" status="failed">
        {count(data, 'failedTasks')}
      </Figure>
      <Figure name="Total">{count(data, 'totalTasks')}</Figure>
      <Figure name="Oldest due" status="queued">
        {oldestAge(due)}
      </Figure>
    </section>
  );
}
