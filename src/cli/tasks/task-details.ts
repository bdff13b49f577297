import type { ChalkInstance } from 'chalk';
import type { QueuedTaskEstimate } from '../../client/index.js';
import type { Task } from '../../core/task.js';
import type { TaskFieldKind } from '../../core/task-field.js';
import { REPLY_FIELDS, type TaskFields } from '../../core/task-fields.js';
import { duration, paintedStatus, plainText } from '../output.js';

type State = Task & QueuedTaskEstimate;

const moment = (instant: Date, now: number): string => {
  const ms = now - instant.getTime();
  return `${instant.toISOString()} (${ms >= 0 ? `${duration(ms)} ago` : `in ${duration(-ms)}`})`;
};

function progressOf({ progress, progressMessage }: Task): string | null {
  if (progress === null && progressMessage === null) return null;
  return [progress === null ? '' : `${progress} %`, progressMessage ?? ''].filter(Boolean).join('  ');
}

/** The place of a queued task, and its estimated start. */
function queuePositionOf({ queuePosition, estimatedStart }: State, now: number): string | null {
  if (queuePosition === undefined) return null;
  const ahead = queuePosition >= 1000 ? '1,000 or more tasks ahead of it' : `${queuePosition} ahead of it`;
  return estimatedStart ? `${ahead}, expected to start ${moment(estimatedStart, now)}` : ahead;
}

function tookOf({ processingStartedAt, finishedAt }: Task): string {
  if (!processingStartedAt || !finishedAt) return '';
  return `, after ${duration(finishedAt.getTime() - processingStartedAt.getTime())}`;
}

const json = (value: unknown): string | null => {
  const text = JSON.stringify(value);
  return text === '{}' || text === 'null' ? null : text;
};

type Row = [label: string, text: string | null];

/** Fields with a label, by name; each has a row of its own. */
const LABELLED = new Map(REPLY_FIELDS.filter(({ label }) => label).map((field) => [field.name, field]));

const BEFORE_TURN = ['priority', 'createdAt'] as const;
const BEFORE_END = ['processingStartedAt'] as const;
const LAST = ['compatibility', 'payload', 'result', 'errorMessage'] as const;
/** The remaining fields, in the order of the list. */
const AFTER_END = [...LABELLED.keys()].filter(
  (name) => ![...BEFORE_TURN, ...BEFORE_END, ...LAST].some((other) => other === name),
);

function textOf(kind: TaskFieldKind, value: unknown, now: number): string | null {
  if (value === null) return null;
  if (kind === 'instant') return moment(value as Date, now);
  return typeof value === 'object' || kind === 'json' ? json(value) : String(value);
}

function fieldRows(task: State, names: readonly (keyof TaskFields)[], now: number): Row[] {
  const fields = names.flatMap((name) => LABELLED.get(name) ?? []);
  return fields.map(({ label = '', property, kind }) => [
    label,
    textOf(kind, task[property as keyof State], now),
  ]);
}

/**
 * The details of a task for people, one per line. `now` is milliseconds since 1970 UTC. `obstacle` is why it does not
 * start, if known.
 */
export function taskDetails(
  task: State,
  paint: ChalkInstance,
  now: number,
  obstacle?: string | null,
): string {
  const isDue = task.runAfter.getTime() <= now;
  const rows: Row[] = [
    ['progress', progressOf(task)],
    ['attempts', `${task.attempts} of ${task.maxAttempts}`],
    ...fieldRows(task, BEFORE_TURN, now),
    ['due', task.status === 'queued' && !isDue ? moment(task.runAfter, now) : null],
    ['blocked', obstacle ?? null],
    ['queue position', obstacle ? null : queuePositionOf(task, now)],
    ...fieldRows(task, BEFORE_END, now),
    ['finished', task.finishedAt && `${moment(task.finishedAt, now)}${tookOf(task)}`],
    ...fieldRows(task, AFTER_END, now),
    ...fieldRows(task, LAST, now),
    ['more', task.errorMessage && `spoolite logs ${task.taskId}`],
  ];
  const shown = rows.filter((row): row is [string, string] => row[1] !== null);
  return [
    `${paint.bold(`Task ${task.taskId}`)}  ${plainText(task.type)}  ${paintedStatus(task, paint)}`,
    ...shown.map(([name, text]) => `  ${paint.dim(name.padEnd(14))} ${plainText(text)}`),
  ].join('\n');
}
