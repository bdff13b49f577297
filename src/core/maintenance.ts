import type { TaskStatus } from './task.js';

/** Milliseconds for which something is kept; null is for ever. */
export type RetentionPeriod = number | null;

/** How long finished tasks are kept, counted from their end, and their logs. */
export interface TaskRetention {
  completedMs: RetentionPeriod;
  failedMs: RetentionPeriod;
  /** Of a finished task counted from its end, of a live one from the entry. */
  logsMs: RetentionPeriod;
}

/** What is kept, and how long. */
export interface Retention extends TaskRetention {
  auditMs: RetentionPeriod;
  /** What holds for the tasks of certain types instead. */
  types: Readonly<Record<string, Partial<TaskRetention>>>;
}

export type FinishedStatus = Extract<TaskStatus, 'completed' | 'failed'>;
export type LiveStatus = Exclude<TaskStatus, FinishedStatus>;

/** Tasks of these types, or of all but these. */
export type TypeSelection = { only: readonly string[] } | { except: readonly string[] };

/** Of which tasks something is deleted after the same time. */
export interface RetentionRule {
  keptMs: number;
  types: TypeSelection;
}

/**
 * The rules that a retention comes to: one for each length of time, however many types share it. There is none for what is
 * kept for ever.
 */
export function retentionRules(retention: Retention, what: keyof TaskRetention): RetentionRule[] {
  const common = retention[what];
  const own = Object.entries(retention.types).flatMap(([type, kept]) => {
    const keptMs = kept[what];
    return keptMs === undefined || keptMs === common ? [] : [{ type, keptMs }];
  });
  const lengths = [...new Set(own.map(({ keptMs }) => keptMs))];
  const ofLength = (keptMs: RetentionPeriod) =>
    own.filter((one) => one.keptMs === keptMs).map(({ type }) => type);
  const all: [RetentionPeriod, TypeSelection][] = [
    [common, { except: own.map(({ type }) => type) }],
    ...lengths.map((keptMs): [RetentionPeriod, TypeSelection] => [keptMs, { only: ofLength(keptMs) }]),
  ];
  return all.flatMap(([keptMs, types]) => (keptMs === null ? [] : [{ keptMs, types }]));
}

/** Milliseconds that a walk over finished tasks stays behind: tasks may yet end at an instant that is nearly over, and have a lower id. */
export const SETTLED_AFTER_MS = 1_000;

/** How long the per-minute history is kept: a week. */
export const HISTORY_KEPT_MS = 7 * 86_400_000;

/** Whether a rule holds for the tasks of a type. */
export function typeMatcher(types: TypeSelection): (type: string) => boolean {
  if ('only' in types) {
    const only = new Set(types.only);
    return (type) => only.has(type);
  }
  const except = new Set(types.except);
  return (type) => !except.has(type);
}

/** One truth for the program and the library. */
export const BACKUP_LIMITS = Object.freeze({
  /** From a minute to about four years; less often is never. */
  intervalHours: { min: 1 / 60, max: 35_000 },
  /** A program may ask for one every second. */
  programIntervalHours: { min: 1 / 3600, max: 35_000 },
  keep: { min: 1, max: 10_000, integer: true },
});

/** Backups that a server makes by itself. */
export interface BackupPlan {
  /** Where they are put; it is made when it is not there. */
  folder: string;
  intervalHours: number;
  /** How many of the newest are kept; at least 1. */
  keep: number;
}
