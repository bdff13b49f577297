import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import type { DueStats, QueueStats, TypeStats } from '../client/index.js';
import type { Task } from '../core/task.js';
import { duration, type Output, paintedStatus, plainText } from './output.js';

/** No borders, only columns. */
const CHARS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

interface TableOptions {
  head: string[];
  rows: string[][];
  /** Characters of a line; the last column is truncated to fit. */
  columns: number;
  paint: ChalkInstance;
}

const GAP = 2;

/** Least width of the last column. */
const LEAST = 12;

const widthOf = (cell: string): number => [...stripVTControlCharacters(cell)].length;

const clip = (text: string, width: number): string =>
  widthOf(text) > width ? `${[...text].slice(0, width - 1).join('')}…` : text;

/** The width left for the last column. */
function lastWidth({ head, rows, columns }: TableOptions): number {
  const others = head
    .slice(0, -1)
    .map((title, at) => Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(widthOf)));
  return Math.max(LEAST, columns - others.reduce((sum, width) => sum + width + GAP, 0));
}

/** Aligned columns under their headings. Cells of the last column have no colours. */
export function table(options: TableOptions): string {
  const { head, rows, paint } = options;
  const width = lastWidth(options);
  const style = { 'padding-left': 0, 'padding-right': GAP, head: [], border: [], compact: true };
  const table = new Table({ head: head.map((title) => paint.dim(title)), chars: CHARS, style });
  table.push(...rows.map((row) => [...row.slice(0, -1), clip(row.at(-1) ?? '', width)]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const MAX_TYPE_WIDTH = 32;

const shortened = (text: string): string =>
  text.length > MAX_TYPE_WIDTH ? `${text.slice(0, MAX_TYPE_WIDTH - 1).toWellFormed()}…` : text;

/** A task's progress or error in a few words. */
function summaryOf(task: Task, now: number): string {
  const { status, errorMessage, progressMessage, runAfter, result } = task;
  const wait = runAfter.getTime() - now;
  if (status === 'queued' && wait > 0)
    return [`due in ${duration(wait)}`, errorMessage].filter(Boolean).join(': ');
  if (status === 'completed') return result === null ? '' : JSON.stringify(result);
  return errorMessage ?? progressMessage ?? '';
}

/** Tasks, one per line. `now` is milliseconds since 1970 UTC. */
export function taskTable(tasks: readonly Task[], { paint, columns }: Output, now: number): string {
  const rows = tasks.map((task) => [
    String(task.taskId),
    shortened(plainText(task.type)),
    paintedStatus(task, paint),
    task.progress === null ? '' : `${Math.floor(task.progress)} %`,
    `${task.attempts}/${task.maxAttempts}`,
    duration(now - task.createdAt.getTime()),
    plainText(summaryOf(task, now)),
  ]);
  return table({
    head: ['ID', 'TYPE', 'STATUS', 'PROGRESS', 'ATTEMPTS', 'AGE', 'MESSAGE'],
    rows,
    columns,
    paint,
  });
}

const seconds = (value: number | null): string => (value === null ? '' : duration(value * 1000));

/** The queue's counts, one per line; `due` is null if unknown. */
export function statsText(stats: QueueStats, due: DueStats | null, { paint }: Output): string {
  const { queuedTasks, processingTasks, completedTasks, failedTasks, totalTasks } = stats;
  const oldest = due?.oldestDueAgeSeconds ?? null;
  const rows: [string, number, string][] = [
    [paint.yellow('queued'), queuedTasks, oldest === null ? '' : `oldest due for ${seconds(oldest)}`],
    [paint.cyan('processing'), processingTasks, ''],
    [paint.green('completed'), completedTasks, ''],
    [paint.red('failed'), failedTasks, ''],
    ['total', totalTasks, ''],
  ];
  const width = String(totalTasks).length;
  return rows
    .map(([name, count, note]) => `${String(count).padStart(width)} ${name}  ${paint.dim(note)}`.trimEnd())
    .join('\n');
}

/** The same by type. */
export function typesText(types: readonly TypeStats[], { paint, columns }: Output): string {
  const rows = types.map((type) => [
    plainText(type.type),
    String(type.queuedTasks),
    String(type.processingTasks),
    String(type.completedTasks),
    String(type.failedTasks),
    seconds(type.usualWaitSeconds),
    seconds(type.usualRunSeconds),
  ]);
  const head = ['TYPE', 'QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED', 'TYPICAL WAIT', 'TYPICAL RUN'];
  return table({ head, rows, columns, paint });
}
