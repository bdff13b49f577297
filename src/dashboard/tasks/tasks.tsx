import { useLocation, useSearch } from 'wouter';
import type { TaskFilter } from '../api/task-filter.js';
import { PageHeading } from '../shell/page-heading.js';
import { FilterForm } from './filter-form.js';
import { filterOf, searchOf } from './filter-in-address.js';
import { TaskList } from './task-list.js';

/** Instead of a list by another filter than the one that was meant. */
function NotUnderstood({ problems, onShowAll }: { problems: readonly string[]; onShowAll(): void }) {
  return (
    <div className="notice bad" role="alert">
      <strong>This filter is not understood</strong>
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      <button type="button" className="button small-button" onClick={onShowAll}>
        Show all tasks
      </button>
    </div>
  );
}

/** The tasks of a queue: found, looked through, and many at once cancelled or tried again. */
export function Tasks() {
  const { filter, ids, problems } = filterOf(new URLSearchParams(useSearch()));
  const [, navigate] = useLocation();
  const change = ({ ids: typed = ids, ...parts }: Omit<TaskFilter, 'ids'> & { ids?: string }) => {
    const search = searchOf({ ...filter, ...parts, ids: undefined, cursor: undefined });
    if (typed !== '') search.set('id', typed);
    navigate(search.size > 0 ? `/tasks?${search}` : '/tasks');
  };
  return (
    <>
      <div className="page-head">
        <PageHeading title="Tasks">Tasks</PageHeading>
      </div>
      <FilterForm filter={filter} ids={ids} onChange={change} />
      {problems.length > 0 ? (
        <NotUnderstood problems={problems} onShowAll={() => navigate('/tasks')} />
      ) : (
        <TaskList filter={filter} />
      )}
    </>
  );
}
