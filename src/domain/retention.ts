import type { TaskStatus } from './task-status.js';

/** Milliseconds for which something is kept; null is for ever. */
export type Kept = number | null;

/** How long finished tasks are kept, counted from their end, and their logs. */
export interface KeptTasks {
  completedMs: Kept;
  failedMs: Kept;
  /** Of a finished task counted from its end, of a live one from the entry. */
  logsMs: Kept;
}

/** What is kept, and how long. */
export interface Retention extends KeptTasks {
  auditMs: Kept;
  /** What holds for the tasks of certain types instead. */
  types: Readonly<Record<string, Partial<KeptTasks>>>;
}

export type FinishedStatus = Extract<TaskStatus, 'completed' | 'failed'>;
export type LiveStatus = Exclude<TaskStatus, FinishedStatus>;

/** Tasks of these types, or of all but these. */
export type Types = { only: readonly string[] } | { except: readonly string[] };

/** Of which tasks something is deleted after the same time. */
export interface RetentionRule {
  keptMs: number;
  types: Types;
}

/**
 * The rules that a retention comes to: one for each length of time, however many types share it. There is none for what is
 * kept for ever.
 */
export function rulesOf(retention: Retention, what: keyof KeptTasks): RetentionRule[] {
  const common = retention[what];
  const own = Object.entries(retention.types).flatMap(([type, kept]) => {
    const keptMs = kept[what];
    return keptMs === undefined || keptMs === common ? [] : [{ type, keptMs }];
  });
  const lengths = [...new Set(own.map(({ keptMs }) => keptMs))];
  const ofLength = (keptMs: Kept) => own.filter((one) => one.keptMs === keptMs).map(({ type }) => type);
  const all: [Kept, Types][] = [
    [common, { except: own.map(({ type }) => type) }],
    ...lengths.map((keptMs): [Kept, Types] => [keptMs, { only: ofLength(keptMs) }]),
  ];
  return all.flatMap(([keptMs, types]) => (keptMs === null ? [] : [{ keptMs, types }]));
}

/** Whether a rule holds for the tasks of a type. */
export function matcherOf(types: Types): (type: string) => boolean {
  if ('only' in types) {
    const only = new Set(types.only);
    return (type) => only.has(type);
  }
  const except = new Set(types.except);
  return (type) => !except.has(type);
}
