import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { TaskFailed, WaitTimeout } from '../../client/index.js';
import { UserError } from '../../core/errors.js';
import type { JsonObject } from '../../core/json.js';
import { TASK_LIMITS } from '../../core/limits.js';
import type { Task } from '../../core/task.js';
import { obstacleTo } from '../../core/workers.js';
import { instant, jsonObject, seconds, taskId, taskIds, wholeNumber } from '../arguments.js';
import { paintedStatus, plainText } from '../output.js';
import { type Context, EXIT, exitCodeOf, OUTCOME_HELP } from './context.js';
import { defineCommand, running } from './define-command.js';

interface EnqueueFlags {
  priority?: number;
  maxAttempts?: number;
  runAfter?: Date;
  compatibility?: JsonObject;
  idempotencyKey?: string;
}

const ENQUEUE_HELP = `
Examples:
  spoolite enqueue countdown '{"seconds":5}'
  echo '{"seconds":5}' | spoolite enqueue countdown -
  id=$(spoolite enqueue countdown | jq .task_id) && spoolite wait "$id"

Exit codes: 0 stored; 1 wrong usage, no server, or refused by it.`;

async function payloadFrom(given: string | undefined): Promise<JsonObject | undefined> {
  if (given === undefined) return undefined;
  try {
    return jsonObject(given === '-' ? await text(process.stdin) : given);
  } catch (error) {
    throw new UserError(`Invalid payload. ${(error as Error).message}`);
  }
}

async function enqueue(context: Context<EnqueueFlags>, type: string, given?: string): Promise<undefined> {
  const { client, out, flags, signal, warn } = context;
  const { priority, maxAttempts, runAfter, compatibility, idempotencyKey } = flags;
  const payload = await payloadFrom(given);
  const options = { priority, maxAttempts, runAfter, compatibility, idempotencyKey };
  const enqueued = await client.enqueue({ type, payload, ...options }, { signal });
  out.say(enqueued, (paint) => {
    const { taskId, message } = enqueued;
    const next = paint.dim(`Follow it with: spoolite status ${taskId} --watch`);
    return `${message}: task ${paint.bold(taskId)}\n${next}`;
  });
  // A misspelt type is not refused: its worker may yet come.
  const obstacle =
    enqueued.status === 'queued' ? await noLiveWorkerNote(context, { type, compatibility }) : null;
  if (obstacle) warn(obstacle);
}

const rangeText = ({ min, max }: { min: number; max: number }): string => `${min} to ${max}`;

export function addEnqueueCommand(program: Command): void {
  const definition = {
    usage: 'enqueue',
    description: 'Enqueue a task',
    help: ENQUEUE_HELP,
  };
  defineCommand(program, definition)
    .argument('<type>', 'which handler runs it')
    .argument('[payload]', `a JSON object, such as '{"to":"ada"}'; - reads it from standard input`)
    .option(
      '--priority <number>',
      `${rangeText(TASK_LIMITS.priority)}, lower runs first (${TASK_LIMITS.priority.default})`,
      wholeNumber,
    )
    .option(
      '--max-attempts <number>',
      `${rangeText(TASK_LIMITS.maxAttempts)}, including the first (${TASK_LIMITS.maxAttempts.default})`,
      wholeNumber,
    )
    .option('--run-after <instant>', 'earliest start, such as 2025-11-05T19:35:00Z (now)', instant)
    .option(
      '--compatibility <json>',
      'capabilities that the task requires, such as {"region":"us-west"} ({})',
      jsonObject,
    )
    .option('--idempotency-key <text>', 'enqueueing again with this key returns the existing task')
    .action(running(enqueue));
}

const STATUS_HELP = `
With --watch it follows the task to its end: on a terminal as a progress bar, else as a line of JSON for each state.
Exit codes without --watch: 0, whatever the status; 1 wrong usage, no server, or no such task. With it:
${OUTCOME_HELP.trimStart()}`;

/** The last state, however progress is shown. */
async function follow({ client, out, signal }: Context, id: number): Promise<Task | undefined> {
  const { ProgressBar } = await import('./progress-bar.js');
  const bar = out.isJson ? null : new ProgressBar(out.paint);
  let last: Task | undefined;
  try {
    for await (const task of client.watch(id, { signal })) {
      if (bar) bar.show(task);
      else out.say(task, () => '');
      last = task;
    }
    return last;
  } finally {
    bar?.end();
  }
}

async function status(context: Context<{ watch?: boolean }>, id: number): Promise<number | undefined> {
  const { client, out, flags, signal, warn } = context;
  const { taskDetails } = await import('./task-details.js');
  // Also before watching: a missing task or a missing server fails at once.
  const task = await client.get(id, { signal });
  const obstacle = task.status === 'queued' ? await noLiveWorkerNote(context, task) : null;
  if (!flags.watch) {
    out.say(task, (paint) => taskDetails(task, paint, Date.now(), obstacle));
    return undefined;
  }
  if (obstacle) warn(obstacle);
  const last = (await follow(context, id)) ?? task;
  if (!out.isJson) out.write(taskDetails(last, out.paint, Date.now()));
  return exitCodeOf(last);
}

export function addStatusCommand(program: Command): void {
  defineCommand(program, { usage: 'status', description: 'Show a task', help: STATUS_HELP })
    .argument('<id>', 'the id of the task', taskId)
    .option('-w, --watch', 'follow it to its end')
    .action(running(status));
}

/** Precedence of exit codes for several tasks. */
const WORST_FIRST = [EXIT.timeout, EXIT.failed, EXIT.cancelled];

function printOutcome({ out }: Context, task: Task): void {
  out.say(task, (paint) => {
    const message = task.errorMessage ?? (task.result === null ? '' : JSON.stringify(task.result));
    return `${paint.bold(`Task ${task.taskId}`)} ${paintedStatus(task, paint)}  ${plainText(message)}`.trimEnd();
  });
}

/** Waits for one task; prints its outcome, and returns the exit code. */
async function waitForOne(context: Context<{ timeout?: number }>, id: number): Promise<number> {
  const { client, flags, signal, warn } = context;
  const timeout = flags.timeout === undefined ? undefined : flags.timeout * 1000;
  try {
    printOutcome(context, await client.waitFor(id, { timeout, signal }));
    return EXIT.ok;
  } catch (error) {
    if (error instanceof TaskFailed) {
      printOutcome(context, error.task);
      return exitCodeOf(error.task);
    }
    if (!(error instanceof WaitTimeout)) throw error;
    warn(`Task ${id} did not finish within ${flags.timeout} s.`);
    return EXIT.timeout;
  }
}

async function wait(context: Context<{ timeout?: number }>, ids: number[]): Promise<number> {
  // A missing task or a missing server fails at once.
  for (const id of ids) await context.client.get(id, { signal: context.signal });
  const codes = await Promise.all(ids.map((id) => waitForOne(context, id)));
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.ok;
}

export function addWaitCommand(program: Command): void {
  defineCommand(program, { usage: 'wait', description: 'Wait until tasks are done', help: OUTCOME_HELP })
    .argument('<ids...>', 'the ids of the tasks', taskIds)
    .option('--timeout <seconds>', 'how long to wait at most (no limit)', seconds)
    .action(running(wait));
}

interface Wanted {
  type: string;
  compatibility?: JsonObject | undefined;
}

const NOTES = {
  type: 'No live worker serves its type: "spoolite workers" shows what they serve.',
  requirements:
    'No live worker that serves its type meets its requirements: "spoolite workers --json" shows what they offer.',
};

/**
 * Explains, to people only, why no live worker takes such a task. Null if one does, or if the workers cannot be read:
 * the command itself does not depend on it.
 */
export async function noLiveWorkerNote(
  { client, out, signal }: Context,
  { type, compatibility = {} }: Wanted,
): Promise<string | null> {
  if (out.isJson) return null;
  const workers = await client.workers({ signal }).catch(() => null);
  if (workers === null) return null;
  const live = workers.filter((worker) => worker.live);
  const obstacle = obstacleTo({ type: type.trim(), compatibility }, live);
  return obstacle && NOTES[obstacle];
}
