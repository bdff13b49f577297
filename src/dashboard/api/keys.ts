import type { TaskFilter } from './types.js';

/** Under which names answers of the server are remembered. */
export const keys = {
  stats: ['stats'] as const,
  types: ['types'] as const,
  workers: ['workers'] as const,
  history: (minutes: number) => ['history', minutes] as const,
  tasks: (filter: TaskFilter & { ids?: string }, cursor: string | null) => ['tasks', filter, cursor] as const,
  task: (id: number) => ['task', id] as const,
  logs: (id: number, level: string | null) => ['logs', id, level] as const,
};
