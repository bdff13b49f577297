import type { TaskStatus } from './task.js';

/** Milliseconds for which something is kept; null: for ever. */
export type RetentionPeriod = number | null;

/** How long finished tasks are kept from their end, and their logs. */
export interface TaskRetention {
  completedMs: RetentionPeriod;
  failedMs: RetentionPeriod;
  /** From its end for a finished task, from the entry for a live one. */
  logsMs: RetentionPeriod;
}

export interface Retention extends TaskRetention {
  auditMs: RetentionPeriod;
  /** Overrides for the tasks of certain types. */
  types: Readonly<Record<string, Partial<TaskRetention>>>;
}

export type FinishedStatus = Extract<TaskStatus, 'completed' | 'failed'>;
export type LiveStatus = Exclude<TaskStatus, FinishedStatus>;

/** Tasks of these types, or of all but these. */
export type TypeSelection = { only: readonly string[] } | { except: readonly string[] };

/** Tasks whose data is deleted after the same time. */
export interface RetentionRule {
  keptMs: number;
  types: TypeSelection;
}

/**
 * The rules that a retention amounts to: one for each duration, shared by its types; none for what is kept for ever.
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

/** Milliseconds that a walk over finished tasks stays behind now: another task may still finish at a recent instant with a lower id. */
export const SETTLED_AFTER_MS = 1_000;

/** How long the per-minute history is kept: a week. */
export const HISTORY_KEPT_MS = 7 * 86_400_000;

/** Whether a rule applies to the tasks of a type. */
export function typeMatcher(types: TypeSelection): (type: string) => boolean {
  if ('only' in types) {
    const only = new Set(types.only);
    return (type) => only.has(type);
  }
  const except = new Set(types.except);
  return (type) => !except.has(type);
}

/** Shared by the program and the library. */
export const BACKUP_LIMITS = Object.freeze({
  /** From a minute to about four years; less often counts as never. */
  intervalHours: { min: 1 / 60, max: 35_000 },
  /** A program may set one a second. */
  programIntervalHours: { min: 1 / 3600, max: 35_000 },
  keep: { min: 1, max: 10_000, integer: true },
});

/** Automatic backups by a server. */
export interface BackupPlan {
  /** The folder of the backups; created if missing. */
  folder: string;
  intervalHours: number;
  /** How many of the newest to keep; at least 1. */
  keep: number;
}
