import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { TaskFilter } from '../api/task-filter.js';
import { taskPageQuery } from '../api/task-pages.js';
import { ErrorNote } from '../components/error-note.js';
import { Lacking } from '../session/lacking.js';
import { useAccess } from '../session/use-session.js';
import { PageHeading } from '../shell/page-heading.js';
import { ArrivedTasks } from './arrived-tasks.js';
import { FilterForm } from './filter-form.js';
import { filterOf, searchOf } from './filter-in-address.js';
import { MatchBar } from './match-bar.js';
import { NoMatch } from './no-match.js';
import { Pager } from './pager.js';
import { SelectionBar } from './selection-bar.js';
import { TaskTable } from './task-table.js';
import { useLiveRows } from './use-live-rows.js';

/** What a key must be for that cancels and retries. */
const CHANGING = ['enqueue', 'read'] as const;

const addressOf = (filter: TaskFilter): string => {
  const search = searchOf(filter).toString();
  return search ? `/tasks?${search}` : '/tasks';
};

/** The tasks of a queue: found, looked through, and many at once cancelled or tried again. */
export function Tasks() {
  const search = new URLSearchParams(useSearch());
  const filter = filterOf(search);
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const query = taskPageQuery(filter);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...query,
    placeholderData: keepPreviousData,
  });
  const mayChange = useAccess().may(...CHANGING);
  const arrived = useLiveRows(filter, isPlaceholderData ? undefined : data);
  const [selection, setSelection] = useState<RowSelectionState>({});
  const here = addressOf(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected is of the page that was left
  useEffect(() => setSelection({}), [here]);

  const change = ({ ids, ...parts }: Omit<TaskFilter, 'ids'> & { ids?: string }) => {
    const next = searchOf({ ...filter, ...parts, cursor: undefined });
    if (ids !== undefined) next.set('id', ids);
    navigate(addressOf(filterOf(next)));
  };
  const readAgain = () => client.resetQueries({ queryKey: query.queryKey });
  const first = addressOf({ ...filter, cursor: undefined });
  const tasks = data?.items ?? [];
  const isNarrowed = here !== '/tasks';
  return (
    <>
      <div className="page-head">
        <PageHeading title="Tasks">Tasks</PageHeading>
      </div>
      <FilterForm filter={filter} ids={filter.ids?.join(', ') ?? ''} onChange={change} />
      <div className="list-tools">
        {mayChange && (
          <SelectionBar
            selected={tasks.filter(({ taskId }) => selection[taskId])}
            onDone={() => setSelection({})}
          />
        )}
        {mayChange && (
          <MatchBar key={first} filter={filter} isEmpty={tasks.length === 0} onDone={readAgain} />
        )}
        <span className="quiet">
          <Lacking what="Cancelling and retrying needs" needed={CHANGING} />
        </span>
        <ArrivedTasks count={arrived} onShow={readAgain} />
      </div>
      {!data && !error && <div className="panel panel-to-come" aria-busy="true" />}
      {error && <ErrorNote title="The tasks could not be read" error={error} onRetry={refetch} />}
      {data && tasks.length === 0 && <NoMatch isNarrowed={isNarrowed} onShowAll={() => navigate('/tasks')} />}
      {tasks.length > 0 && (
        <div className="panel" aria-busy={isPlaceholderData}>
          <TaskTable tasks={tasks} selection={selection} onSelect={mayChange ? setSelection : undefined} />
        </div>
      )}
      <Pager
        here={here}
        first={first}
        next={data?.next ? addressOf({ ...filter, cursor: data.next }) : null}
        isFirst={filter.cursor === undefined}
      />
    </>
  );
}
