import type { ChalkInstance } from 'chalk';
import type { QueuedTaskEstimate } from '../../client/index.js';
import type { Task } from '../../core/task.js';
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

/** When a queued task's turn comes. */
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

/**
 * All of a task that a person wants to see, a line each. `now` is milliseconds since 1970 UTC. `obstacle` is why its turn
 * does not come, if anything is known.
 */
export function taskDetails(
  task: State,
  paint: ChalkInstance,
  now: number,
  obstacle?: string | null,
): string {
  const at = (instant: Date | null): string | null => instant && moment(instant, now);
  const isDue = task.runAfter.getTime() <= now;
  const rows: [string, string | null][] = [
    ['progress', progressOf(task)],
    ['attempts', `${task.attempts} of ${task.maxAttempts}`],
    ['priority', String(task.priority)],
    ['created', at(task.createdAt)],
    ['due', task.status === 'queued' && !isDue ? at(task.runAfter) : null],
    ['blocked', obstacle ?? null],
    ['queue position', obstacle ? null : queuePositionOf(task, now)],
    ['started', at(task.processingStartedAt)],
    ['finished', task.finishedAt && `${at(task.finishedAt)}${tookOf(task)}`],
    ['worker', task.lockedBy],
    ['key', task.idempotencyKey],
    ['requires', json(task.compatibility)],
    ['payload', json(task.payload)],
    ['result', json(task.result)],
    ['error', task.errorMessage],
    ['more', task.errorMessage && `spoolite logs ${task.taskId}`],
  ];
  const shown = rows.filter((row): row is [string, string] => row[1] !== null);
  return [
    `${paint.bold(`Task ${task.taskId}`)}  ${plainText(task.type)}  ${paintedStatus(task, paint)}`,
    ...shown.map(([name, text]) => `  ${paint.dim(name.padEnd(14))} ${plainText(text)}`),
  ].join('\n');
}
