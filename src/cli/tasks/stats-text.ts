import type { DueStats, QueueStats, TypeStats } from '../../client/index.js';
import { duration } from './duration.js';
import type { Output } from './output.js';
import { plainText } from './plain-text.js';
import { table } from './table.js';

const seconds = (value: number | null): string => (value === null ? '' : duration(value * 1000));

/** The queue in numbers, a line each; `due` is null where it is not known. */
export function statsText(stats: QueueStats, due: DueStats | null, { paint }: Output): string {
  const { queuedTasks, processingTasks, completedTasks, failedTasks, totalTasks } = stats;
  const oldest = due?.oldestDueAgeSeconds ?? null;
  const rows: [string, number, string][] = [
    [paint.yellow('queued'), queuedTasks, oldest === null ? '' : `the oldest due for ${seconds(oldest)}`],
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
  const head = ['TYPE', 'QUEUED', 'PROCESSING', 'COMPLETED', 'FAILED', 'USUAL WAIT', 'USUAL RUN'];
  return table({ head, rows, columns, paint });
}
