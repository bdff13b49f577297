import type { TaskFilter } from './task-filter.js';

/** Under which names answers of the server are remembered. */
export const keys = {
  stats: ['stats'] as const,
  due: ['due'] as const,
  types: ['types'] as const,
  workers: ['workers'] as const,
  health: ['health'] as const,
  history: (minutes: number) => ['history', minutes] as const,
  tasks: (filter: TaskFilter) => ['tasks', filter] as const,
  task: (id: number) => ['task', id] as const,
  log: (id: number, level: string | null) => ['log', id, level] as const,
};
