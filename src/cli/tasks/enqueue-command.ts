import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { JsonObject } from '../../domain/json.js';
import { StartupError } from '../../domain/startup-error.js';
import { instant, jsonObject, wholeNumber } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { unservedNote } from './unserved-note.js';

interface Flags {
  priority?: number;
  maxAttempts?: number;
  runAfter?: Date;
  compatibility?: JsonObject;
  idempotencyKey?: string;
}

const HELP = `
Examples:
  spoolite enqueue countdown '{"seconds":5}'
  echo '{"seconds":5}' | spoolite enqueue countdown -
  id=$(spoolite enqueue countdown | jq .task_id) && spoolite wait "$id"

Exit codes: 0 it is stored; 1 wrong usage, no server, or refused by it.`;

async function payloadFrom(given: string | undefined): Promise<JsonObject | undefined> {
  if (given === undefined) return undefined;
  try {
    return jsonObject(given === '-' ? await text(process.stdin) : given);
  } catch (error) {
    throw new StartupError(`The payload is not right. ${(error as Error).message}`);
  }
}

async function enqueue(context: Context<Flags>, type: string, given?: string): Promise<undefined> {
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
  // A typing error in a type is not refused: it may be that of a worker yet to come.
  const obstacle = enqueued.status === 'queued' ? await unservedNote(context, { type, compatibility }) : null;
  if (obstacle) warn(obstacle);
}

export function addEnqueueCommand(program: Command): void {
  const definition = {
    usage: 'enqueue',
    description: 'Enqueue a task',
    help: HELP,
  };
  defineCommand(program, definition)
    .argument('<type>', 'which handler runs it')
    .argument('[payload]', `a JSON object, such as '{"to":"ada"}'; - reads it from standard input`)
    .option('--priority <number>', '1 to 1000, lower runs first (100)', wholeNumber)
    .option('--max-attempts <number>', 'tries in all, 1 to 10 (5)', wholeNumber)
    .option('--run-after <instant>', 'not before then, such as 2025-11-05T19:35:00Z (at once)', instant)
    .option(
      '--compatibility <json>',
      'what a worker must offer, such as {"region":"us-west"} ({})',
      jsonObject,
    )
    .option('--idempotency-key <text>', 'enqueueing it again under this key gives the first task')
    .action(running(enqueue));
}
