/**
 * How a worker is: `live` as long as its heartbeats come; `silent` when they no longer do and it still has tasks, which
 * are taken back when their leases end; `gone` when it has none left.
 */
export const WORKER_STATES = ['live', 'silent', 'gone'] as const;

export type WorkerState = (typeof WORKER_STATES)[number];

export function workerState(live: boolean, heldTasks: number): WorkerState {
  if (live) return 'live';
  return heldTasks > 0 ? 'silent' : 'gone';
}
