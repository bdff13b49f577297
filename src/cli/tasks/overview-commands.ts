import { clearScreenDown, moveCursor } from 'node:readline';
import type { Command } from 'commander';
import { type AuditEntry, ConnectionError, type WorkerState } from '../../client/index.js';
import { pause } from '../../client/timers.js';
import { seconds, taskId, wholeNumber } from '../arguments.js';
import { duration, type Output, plainText } from '../output.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';

interface StatsFlags {
  watch?: boolean;
  interval: number;
  types?: boolean;
}

const DEFAULT_INTERVAL = 1;

/** Seconds; 0 would poll without a pause. */
const SHORTEST_INTERVAL = 0.1;

/** Most types shown. */
const MAX_TYPES = 1000;

/** Prints the counts; returns the number of lines. */
async function printStats(
  { client, out, flags, signal }: Context<StatsFlags>,
  clear: () => void,
): Promise<number> {
  const { statsText, typesText } = await import('../tables.js');
  let lines = 0;
  const counted = (text: string): string => {
    lines = text.split('\n').length;
    return text;
  };
  if (flags.types) {
    const types = await client.statsByType({ limit: MAX_TYPES, signal });
    clear();
    out.sayAll(types, () => counted(types.length === 0 ? 'No tasks.' : typesText(types, out)));
  } else {
    const stats = await client.stats({ signal });
    // For people only; servers of an older version lack it.
    const due = out.isJson ? null : await client.dueStats({ signal }).catch(() => null);
    clear();
    out.say(stats, () => counted(statsText(stats, due, out)));
  }
  return lines;
}

/** Redraws in place, and keeps trying while the server is away. */
async function watch(context: Context<StatsFlags>): Promise<never> {
  const { flags, signal, warn } = context;
  let lines = await printStats(context, () => undefined);
  let isAway = false;
  for (;;) {
    await pause(Math.max(flags.interval, SHORTEST_INTERVAL) * 1000, signal);
    const clear = () => {
      if (lines === 0 || isAway) return;
      moveCursor(process.stdout, 0, -lines);
      clearScreenDown(process.stdout);
    };
    try {
      lines = await printStats(context, clear);
      isAway = false;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (!isAway) warn(`${error.message}; retrying.`);
      isAway = true;
    }
  }
}

async function stats(context: Context<StatsFlags>): Promise<undefined> {
  if (context.flags.watch) await watch(context);
  await printStats(context, () => undefined);
}

export function addStatsCommand(program: Command): void {
  defineCommand(program, { usage: 'stats', description: 'Show task counts' })
    .option('-w, --watch', 'refresh continuously')
    .option(
      '--interval <seconds>',
      `how often, with --watch (${DEFAULT_INTERVAL})`,
      seconds,
      DEFAULT_INTERVAL,
    )
    .option('--types', 'by task type')
    .action(running(stats));
}

const NO_WORKERS = 'No workers. Start one with: spoolite work --handlers ./handlers.js';

const PAINTED_STATES = {
  live: (paint: Output['paint']) => paint.green('live'),
  silent: (paint: Output['paint']) => paint.yellow('silent'),
  gone: (paint: Output['paint']) => paint.red('gone'),
};

async function workerTable(workers: readonly WorkerState[], { paint, columns }: Output): Promise<string> {
  const { table } = await import('../tables.js');
  const now = Date.now();
  const rows = workers.map(
    ({ workerId, state, heldTaskIds, overdue, slots, lastHeartbeat, version, types }) => [
      plainText(workerId),
      PAINTED_STATES[state](paint),
      `${heldTaskIds.length}/${slots}${overdue > 0 ? ` (+${overdue} overdue)` : ''}`,
      `${duration(now - lastHeartbeat.getTime())} ago`,
      plainText(version ?? ''),
      plainText(types?.join(', ') ?? 'any'),
    ],
  );
  return table({
    head: ['WORKER', 'STATE', 'RUNNING', 'LAST SEEN', 'VERSION', 'TYPES'],
    rows,
    columns,
    paint,
  });
}

async function workers({ client, out, signal }: Context): Promise<undefined> {
  const found = await client.workers({ signal });
  const text = found.length === 0 ? NO_WORKERS : await workerTable(found, out);
  out.sayAll(found, () => text);
}

export function addWorkersCommand(program: Command): void {
  defineCommand(program, { usage: 'workers', description: 'Show workers and their load' }).action(
    running(workers),
  );
}

interface AuditFlags {
  task?: number;
  actor?: string;
  action?: string;
  limit: number;
}

/** Entries per request. */
const PAGE_SIZE = 1000;

async function auditTable(entries: readonly AuditEntry[], { paint, columns }: Output): Promise<string> {
  const { table } = await import('../tables.js');
  const rows = entries.map(({ at, actor, address, action, taskId, outcome, details }) => [
    at.toISOString(),
    plainText(actor),
    plainText(address ?? ''),
    plainText(action),
    taskId === null ? '' : String(taskId),
    plainText(outcome),
    details === null ? '' : plainText(JSON.stringify(details)),
  ]);
  const head = ['TIME', 'ACTOR', 'ADDRESS', 'ACTION', 'TASK', 'OUTCOME', 'DETAILS'];
  return table({ head, rows, columns, paint });
}

async function audit({ client, out, flags, signal }: Context<AuditFlags>): Promise<undefined> {
  const { task, actor, action, limit } = flags;
  const entries: AuditEntry[] = [];
  const query = { taskId: task, actor, action, limit: Math.min(limit, PAGE_SIZE), signal };
  for await (const entry of client.audit(query)) {
    entries.push(entry);
    if (entries.length === limit) break;
  }
  const text = entries.length === 0 ? 'No entries.' : await auditTable(entries, out);
  out.sayAll(entries, () => text);
}

export function addAuditCommand(program: Command): void {
  defineCommand(program, { usage: 'audit', description: 'Show who changed what, newest first' })
    .option('--task <id>', 'only what was done to this task', taskId)
    .option('--actor <name>', 'only what this key did')
    .option('--action <action>', 'only this action, such as cancel or enqueue')
    .option('--limit <count>', 'how many entries at most', wholeNumber, 100)
    .action(running(audit));
}
