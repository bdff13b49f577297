import { type QueryClient, queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import type { LogEntry, LogLevel, Page } from '../../client/index.js';
import type { JsonValue } from '../../core/json.js';
import { queue, type Task } from '../api/client.js';
import { keys } from '../api/queries.js';
import { formatTime } from '../components/format.js';
import { ErrorNote } from '../components/placeholders.js';
import { type ErrorLine, errorIn } from './read-log.js';

/** Log entries do not change the task: the poll interval while it runs, in milliseconds. */
const POLL_MS = 1_000;

/** Within this many pixels of the end counts as at the end. */
const NEAR_END = 24;

const LEVELS: readonly (LogLevel | null)[] = [null, 'debug', 'info', 'warning', 'error'];

function LevelSwitch({
  level,
  onChange,
}: {
  level: LogLevel | null;
  onChange(level: LogLevel | null): void;
}) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Level</legend>
      {LEVELS.map((one) => (
        <button type="button" key={one ?? 'all'} aria-pressed={one === level} onClick={() => onChange(one)}>
          {one ?? 'all'}
        </button>
      ))}
    </fieldset>
  );
}

/** Keeps the end in view while entries arrive, unless the reader has scrolled up. */
function useFollowing(count: number, isGrowing: boolean) {
  const box = useRef<HTMLElement>(null);
  const isAtEnd = useRef(isGrowing);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new entries move the end
  useLayoutEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [count]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current as HTMLElement;
    isAtEnd.current = isGrowing && scrollHeight - scrollTop - clientHeight < NEAR_END;
  };
  return { ref: box, onScroll };
}

/** A stored error with a collapsed stack. */
function StoredError({ lines: [first, ...rest] }: { lines: ErrorLine[] }) {
  if (rest.length === 0) return <span className="quiet"> {first?.text}</span>;
  return (
    <details className="log-error">
      <summary>{first?.text}</summary>
      {rest.map(({ depth, text }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a stored error never change
        <div key={at} style={{ paddingInlineStart: `${depth}em` }}>
          {text}
        </div>
      ))}
    </details>
  );
}

function Details({ details }: { details: JsonValue }) {
  const error = errorIn(details);
  if (error) return <StoredError lines={error} />;
  return details === null ? null : <span className="quiet"> {JSON.stringify(details)}</span>;
}

function Entry({ entry }: { entry: LogEntry }) {
  const { at, level, message, details, attempt } = entry;
  return (
    <li data-level={level}>
      <time dateTime={at.toISOString()} title={`Attempt ${attempt}`}>
        {formatTime(at)}
      </time>
      <span className="log-level">{level}</span>
      <span className="log-message">
        {message}
        <Details details={details} />
      </span>
    </li>
  );
}

/** The log of a task at the level, kept up to date while the task runs. */
export function useTaskLog(task: Task, level: LogLevel | null) {
  const client = useQueryClient();
  return useQuery({
    ...logQuery(client, task.taskId, level),
    refetchInterval: task.status === 'processing' ? POLL_MS : false,
  });
}

/** The log of a task. */
export function Log({ task }: { task: Task }) {
  const client = useQueryClient();
  const [level, setLevel] = useState<LogLevel | null>(null);
  const { data, error, refetch } = useTaskLog(task, level);
  const entries = entriesOf(data);
  const following = useFollowing(entries.length, task.status === 'processing');
  const readMore = async () => {
    const { queryKey } = logQuery(client, task.taskId, level);
    client.setQueryData<LoadedLog>(queryKey, (log) => log && { ...log, wanted: log.wanted + LOG_STEP });
    await refetch();
  };
  return (
    <section className="panel" aria-busy={!data}>
      <div className="panel-head">
        <h2>Log</h2>
        <LevelSwitch level={level} onChange={setLevel} />
      </div>
      {error && !data && <ErrorNote title="Could not load the log" error={error} onRetry={refetch} />}
      {data && entries.length === 0 && (
        <p className="quiet">{level ? `No entries at level ${level}.` : 'No entries yet.'}</p>
      )}
      {entries.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable areas must be reachable by keyboard
        <section className="code tall" tabIndex={0} aria-label="Log entries" {...following}>
          <ol className="log">
            {entries.map((entry) => (
              <Entry key={entry.logId} entry={entry} />
            ))}
          </ol>
        </section>
      )}
      {data?.pages.at(-1)?.next && (
        <button type="button" className="button small-button log-more" onClick={readMore}>
          Show more
        </button>
      )}
    </section>
  );
}

const PAGE = 200;

/** Entries loaded at first, and by each click for more. */
export const LOG_STEP = 1_000;

interface LogPage extends Page<LogEntry> {
  cursor: string | null;
}

export interface LoadedLog {
  pages: LogPage[];
  /** Most entries to load. */
  wanted: number;
}

const countIn = (pages: readonly LogPage[]): number =>
  pages.reduce((sum, { items }) => sum + items.length, 0);

export const entriesOf = (log: LoadedLog | undefined): LogEntry[] =>
  log?.pages.flatMap(({ items }) => items) ?? [];

/** The log of a task. A log only grows at its end, so only its last page is read again. */
export const logQuery = (client: QueryClient, id: number, level: LogLevel | null) => {
  const queryKey = keys.log(id, level);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<LoadedLog> => {
      const { pages: known = [], wanted = LOG_STEP } = client.getQueryData<LoadedLog>(queryKey) ?? {};
      const pages = known.slice(0, -1);
      let cursor = known.at(-1)?.cursor ?? null;
      do {
        const page = await queue.logPage(id, { level: level ?? undefined, limit: PAGE, cursor, signal });
        pages.push({ ...page, cursor });
        cursor = page.next;
      } while (cursor !== null && countIn(pages) < wanted);
      return { pages, wanted };
    },
  });
};
