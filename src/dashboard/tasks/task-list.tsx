import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { TaskFilter } from '../api/task-filter.js';
import { taskPageQuery } from '../api/task-pages.js';
import { ErrorNote } from '../components/error-note.js';
import { Loading } from '../components/loading.js';
import { Lacking } from '../session/lacking.js';
import { useAccess } from '../session/use-session.js';
import { ArrivedTasks } from './arrived-tasks.js';
import { searchOf } from './filter-in-address.js';
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

/** A page of the tasks that match, and what can be done to them: some, or all. */
export function TaskList({ filter }: { filter: TaskFilter }) {
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

  const readAgain = () => client.resetQueries({ queryKey: query.queryKey });
  const first = addressOf({ ...filter, cursor: undefined });
  const tasks = data?.items ?? [];
  const isNarrowed = here !== '/tasks';
  return (
    <>
      <div className="list-tools">
        {mayChange && (
          <SelectionBar
            selected={tasks.filter(({ taskId }) => selection[taskId])}
            onDone={() => setSelection({})}
          />
        )}
        {mayChange && (
          <MatchBar
            key={first}
            filter={filter}
            isEmpty={tasks.length === 0 && !data?.next}
            onDone={readAgain}
          />
        )}
        <span className="quiet">
          <Lacking what="Cancelling and retrying needs" needed={CHANGING} />
        </span>
        <ArrivedTasks count={arrived} onShow={readAgain} />
      </div>
      {!data && !error && <Loading />}
      {error && <ErrorNote title="The tasks could not be read" error={error} onRetry={refetch} />}
      {data && tasks.length === 0 && data.next && (
        <p className="quiet">None among the newest failed tasks; “Older” looks further.</p>
      )}
      {data && tasks.length === 0 && !data.next && (
        <NoMatch isNarrowed={isNarrowed} onShowAll={() => navigate('/tasks')} />
      )}
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
