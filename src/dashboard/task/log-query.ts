import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { LogEntry, LogLevel, Page } from '../../client/index.js';
import { keys } from '../api/keys.js';
import { queue } from '../api/queue.js';

const PAGE = 200;

/** Entries that are read at first, and more each time they are asked for. */
export const LOG_STEP = 1_000;

interface LogPage extends Page<LogEntry> {
  cursor: string | null;
}

export interface TaskLog {
  pages: LogPage[];
  /** So many entries are read at most. */
  wanted: number;
}

const countIn = (pages: readonly LogPage[]): number =>
  pages.reduce((sum, { items }) => sum + items.length, 0);

export const entriesOf = (log: TaskLog | undefined): LogEntry[] =>
  log?.pages.flatMap(({ items }) => items) ?? [];

/** What happened to a task. A log only grows at its end: read again, only its last page is. */
export const logQuery = (client: QueryClient, id: number, level: LogLevel | null) => {
  const queryKey = keys.log(id, level);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal }): Promise<TaskLog> => {
      const { pages: known = [], wanted = LOG_STEP } = client.getQueryData<TaskLog>(queryKey) ?? {};
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
