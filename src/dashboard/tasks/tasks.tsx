import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { useEffect, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { type ListFilter, taskPageQuery } from '../api/queries.js';
import { NoMatch } from '../components/no-tasks.js';
import { ErrorNote, Loading } from '../components/placeholders.js';
import { usePermissions } from '../session/session.js';
import { MissingScopes } from '../session/session-gate.js';
import { PageHeading } from '../shell/page-heading.js';
import { FilterForm } from './filter-form.js';
import { parseFilter, toSearchParams } from './filter-params.js';
import { ArrivedTasks, useLiveRows } from './live-rows.js';
import { MatchBar } from './match-bar.js';
import { SelectionBar } from './selection-bar.js';
import { TaskTable } from './task-table.js';

/** In place of a list with an unintended filter. */
function NotUnderstood({ problems, onShowAll }: { problems: readonly string[]; onShowAll(): void }) {
  return (
    <div className="notice bad" role="alert">
      <strong>Invalid filter</strong>
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      <button type="button" className="button small-button" onClick={onShowAll}>
        Show all tasks
      </button>
    </div>
  );
}

/** The list of tasks, with its filter. */
export function Tasks() {
  const { filter, ids, problems } = parseFilter(new URLSearchParams(useSearch()));
  const [, navigate] = useLocation();
  const change = ({ ids: typed = ids, ...parts }: Omit<ListFilter, 'ids'> & { ids?: string }) => {
    const search = toSearchParams({ ...filter, ...parts, ids: undefined, cursor: undefined });
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

/** Scopes for cancelling and retrying. */
const CHANGING = ['enqueue', 'read'] as const;

const addressOf = (filter: ListFilter): string => {
  const search = toSearchParams(filter).toString();
  return search ? `/tasks?${search}` : '/tasks';
};

/** A page of the tasks that match, with actions on some or all of them. */
export function TaskList({ filter }: { filter: ListFilter }) {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const query = taskPageQuery(filter);
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...query,
    placeholderData: keepPreviousData,
  });
  const mayChange = usePermissions().may(...CHANGING);
  const arrived = useLiveRows(filter, isPlaceholderData ? undefined : data);
  const [selection, setSelection] = useState<RowSelectionState>({});
  const here = addressOf(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the selection belongs to the previous page
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
          <MissingScopes what="Cancelling and retrying require" needed={CHANGING} />
        </span>
        <ArrivedTasks count={arrived} onShow={readAgain} />
      </div>
      {!data && !error && <Loading />}
      {error && <ErrorNote title="Could not load the tasks" error={error} onRetry={refetch} />}
      {data && tasks.length === 0 && data.next && (
        <p className="quiet">No matches among the newest failed tasks. “Older” searches further back.</p>
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

interface PagerProps {
  /** URLs of this page, of the first one, and of the next one if there is one. */
  here: string;
  first: string;
  next: string | null;
  isFirst: boolean;
}

/** Pages link forward only; the way back is stored with the browser's history entry. */
interface Trail {
  before?: string[];
}

/** Links to the previous and the next page. */
export function Pager({ here, first, next, isFirst }: PagerProps) {
  const [, navigate] = useLocation();
  const { before = [] } = useHistoryState<Trail | null>() ?? {};
  if (isFirst && next === null) return null;
  const previous = before.at(-1);
  return (
    <nav className="pager" aria-label="Pages">
      <button type="button" className="button" disabled={isFirst} onClick={() => navigate(first)}>
        Newest
      </button>
      <button
        type="button"
        className="button"
        disabled={previous === undefined}
        onClick={() => navigate(previous as string, { state: { before: before.slice(0, -1) } })}
      >
        Newer
      </button>
      <button
        type="button"
        className="button"
        disabled={next === null}
        onClick={() => navigate(next as string, { state: { before: [...before, here] } })}
      >
        Older
      </button>
    </nav>
  );
}
