import type { Task } from '../../domain/task.js';
import { duration } from './duration.js';
import type { Output } from './output.js';
import { paintedStatus } from './painted-status.js';
import { plainText } from './plain-text.js';
import { table } from './table.js';

const MOST_OF_TYPE = 32;

const shortened = (text: string): string =>
  text.length > MOST_OF_TYPE ? `${text.slice(0, MOST_OF_TYPE - 1).toWellFormed()}…` : text;

/** What there is to say of it in a few words. */
function wordsOf(task: Task, now: number): string {
  const { status, errorMessage, progressMessage, runAfter, result } = task;
  const wait = runAfter.getTime() - now;
  if (status === 'queued' && wait > 0)
    return [`due in ${duration(wait)}`, errorMessage].filter(Boolean).join(': ');
  if (status === 'completed') return result === null ? '' : JSON.stringify(result);
  return errorMessage ?? progressMessage ?? '';
}

/** Tasks, a line each. `now` is milliseconds since 1970 UTC. */
export function taskTable(tasks: readonly Task[], { paint, columns }: Output, now: number): string {
  const rows = tasks.map((task) => [
    String(task.taskId),
    shortened(plainText(task.type)),
    paintedStatus(task, paint),
    task.progress === null ? '' : `${Math.floor(task.progress)} %`,
    `${task.attempts}/${task.maxAttempts}`,
    duration(now - task.createdAt.getTime()),
    plainText(wordsOf(task, now)),
  ]);
  return table({ head: ['ID', 'TYPE', 'STATUS', 'PROGRESS', 'TRIES', 'AGE', 'NEWS'], rows, columns, paint });
}
