import type { WorkerState } from './replies.js';

/** True when a live worker takes tasks of the type. */
export const isServed = (type: string, workers: readonly WorkerState[]): boolean =>
  workers.some(({ live, types }) => live && (types === null || types.includes(type)));
