import { type Command, Option } from 'commander';
import type { LogEntry } from '../../client/index.js';
import { LOG_LEVELS, type LogLevel } from '../../domain/log-level.js';
import { taskId } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { errorLines } from './error-lines.js';
import { plainText } from './plain-text.js';

const COLOURS = { debug: 'gray', info: 'cyan', warning: 'yellow', error: 'red' } as const;

async function logs(
  { client, out, flags, signal }: Context<{ level?: LogLevel }>,
  id: number,
): Promise<undefined> {
  const entries: LogEntry[] = [];
  for await (const entry of client.logs(id, { level: flags.level, signal })) entries.push(entry);
  out.sayAll(entries, (paint) =>
    entries.length === 0
      ? 'Nothing has happened to it yet.'
      : entries
          .map(({ at, level, message, details }) => {
            const error = errorLines(details);
            const line = [
              paint.dim(at.toISOString()),
              paint[COLOURS[level]](level.padEnd(7)),
              plainText(message),
              details === null || error ? '' : paint.dim(plainText(JSON.stringify(details))),
            ];
            return [line.join('  ').trimEnd(), ...(error ?? []).map((text) => paint.dim(text))].join('\n');
          })
          .join('\n'),
  );
}

export function addLogsCommand(program: Command): void {
  defineCommand(program, { usage: 'logs', description: 'Show what happened to a task, oldest first' })
    .argument('<id>', 'the number of the task', taskId)
    .addOption(new Option('--level <level>', 'only entries of this level').choices(LOG_LEVELS))
    .action(running(logs));
}
