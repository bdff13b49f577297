import type { FieldProblem } from '../../domain/spoolite-error.js';
import type {
  Acknowledged,
  HistorySpan,
  LogEntry,
  NewTask,
  Page,
  QueueStats,
  Task,
  TaskFilter,
  TypeStats,
  WorkerState,
} from './types.js';

interface Call {
  signal?: AbortSignal;
}

export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | null,
    readonly problems: readonly FieldProblem[],
  ) {
    super(message);
  }
}

const camel = (name: string) =>
  name.replace(/_utc$/, '').replace(/_(\w)/g, (_, c: string) => c.toUpperCase());
const INSTANT = /(_utc)$/;
const RAW = new Set(['payload', 'result', 'details', 'compatibility', 'capabilities']);

// biome-ignore lint/suspicious/noExplicitAny: any JSON
function convert(value: any): any {
  if (Array.isArray(value)) return value.map(convert);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (RAW.has(name)) return [name, inner];
      if (INSTANT.test(name)) return [camel(name), inner === null ? null : new Date(inner as string)];
      return [camel(name), convert(inner)];
    }),
  );
}

async function call(path: string, init: RequestInit) {
  const response = await fetch(`/api/queue${path}`, init);
  const body = await response.json();
  if (!response.ok) throw new ApiError(body.detail, response.status, body.error_code, body.errors ?? []);
  return { body: convert(body), link: response.headers.get('Link') };
}

const get = async (path: string, { signal }: Call = {}) => (await call(path, { signal })).body;
const post = async (path: string, body?: object) =>
  (
    await call(path, {
      method: 'POST',
      ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    })
  ).body;

const query = (values: Record<string, string | number | null | undefined>) =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) =>
      value == null || value === '' ? [] : [[name, `${value}`]],
    ),
  ).toString();

async function page(path: string, { signal }: Call) {
  const { body, link } = await call(path, { signal });
  const cursor = link && /[?&]cursor=([^&>]+)/.exec(link)?.[1];
  return { items: body, next: cursor ?? null };
}

export const queue = {
  stats: (options?: Call): Promise<QueueStats> => get('/stats', options),
  statsByType: ({ limit, signal }: { limit?: number } & Call): Promise<TypeStats[]> =>
    get(`/stats/types?${query({ limit })}`, { signal }),
  history: ({ minutes, step, signal }: { minutes?: number; step?: number } & Call): Promise<HistorySpan[]> =>
    get(`/stats/history?${query({ minutes, step })}`, { signal }),
  workers: (options?: Call): Promise<WorkerState[]> => get('/workers', options),
  get: (id: number, options?: Call): Promise<Task> => get(`/tasks/${id}`, options),
  getMany: (ids: readonly number[], options?: Call): Promise<Task[]> =>
    ids.length === 0 ? Promise.resolve([]) : get(`/tasks?ids=${ids.join(',')}`, options),
  page: ({
    signal,
    status,
    type,
    idempotencyKey,
    limit,
    cursor,
  }: TaskFilter & { limit?: number; cursor?: string | null } & Call): Promise<Page<Task>> =>
    page(`/tasks?${query({ status, type, idempotency_key: idempotencyKey, limit, cursor })}`, { signal }),
  logPage: (
    id: number,
    { level, cursor, limit, signal }: { level?: string; cursor?: string | null; limit?: number } & Call,
  ): Promise<Page<LogEntry>> => page(`/tasks/${id}/logs?${query({ level, cursor, limit })}`, { signal }),
  cancel: (id: number): Promise<Acknowledged> => post(`/tasks/${id}/cancel`),
  retry: (id: number): Promise<Acknowledged> => post(`/tasks/${id}/retry`),
  enqueue: (task: NewTask): Promise<Acknowledged> =>
    post('/enqueue', {
      type: task.type,
      payload: task.payload,
      priority: task.priority,
      max_attempts: task.maxAttempts,
      run_after_utc: task.runAfter?.toISOString(),
      compatibility: task.compatibility,
      idempotency_key: task.idempotencyKey,
    }),
};
