import type { Command } from 'commander';
import type { WorkerState } from '../../client/index.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { duration } from './duration.js';
import type { Output } from './output.js';
import { plainText } from './plain-text.js';

const NONE = 'No workers. Start one with: spoolite work --handlers ./handlers.js';

const PAINTED = {
  live: (paint: Output['paint']) => paint.green('live'),
  silent: (paint: Output['paint']) => paint.yellow('silent'),
  gone: (paint: Output['paint']) => paint.red('gone'),
};

async function workerTable(workers: readonly WorkerState[], { paint, columns }: Output): Promise<string> {
  const { table } = await import('./table.js');
  const now = Date.now();
  const rows = workers.map(
    ({ workerId, state, heldTaskIds, overdue, slots, lastHeartbeat, version, types }) => [
      plainText(workerId),
      PAINTED[state](paint),
      `${heldTaskIds.length}/${slots}${overdue > 0 ? ` (+${overdue} overdue)` : ''}`,
      `${duration(now - lastHeartbeat.getTime())} ago`,
      plainText(version ?? ''),
      plainText(types?.join(', ') ?? 'any'),
    ],
  );
  return table({ head: ['WORKER', '', 'HELD', 'HEARTBEAT', 'VERSION', 'TYPES'], rows, columns, paint });
}

async function workers({ client, out, signal }: Context): Promise<undefined> {
  const found = await client.workers({ signal });
  const text = found.length === 0 ? NONE : await workerTable(found, out);
  out.sayAll(found, () => text);
}

export function addWorkersCommand(program: Command): void {
  defineCommand(program, { usage: 'workers', description: 'Show who works, and on how much' }).action(
    running(workers),
  );
}
