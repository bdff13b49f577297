import type { Command } from 'commander';
import type { AuditEntry } from '../../client/index.js';
import { taskId, wholeNumber } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import type { Output } from './output.js';
import { plainText } from './plain-text.js';

interface Flags {
  task?: number;
  actor?: string;
  action?: string;
  limit: number;
}

/** Entries of one request. */
const PAGE = 1000;

async function auditTable(entries: readonly AuditEntry[], { paint, columns }: Output): Promise<string> {
  const { table } = await import('./table.js');
  const rows = entries.map(({ at, actor, address, action, taskId, outcome, details }) => [
    at.toISOString(),
    plainText(actor),
    plainText(address ?? ''),
    plainText(action),
    taskId === null ? '' : String(taskId),
    plainText(outcome),
    details === null ? '' : plainText(JSON.stringify(details)),
  ]);
  const head = ['AT', 'WHO', 'FROM', 'WHAT', 'TASK', 'OUTCOME', 'DETAILS'];
  return table({ head, rows, columns, paint });
}

async function audit({ client, out, flags, signal }: Context<Flags>): Promise<undefined> {
  const { task, actor, action, limit } = flags;
  const entries: AuditEntry[] = [];
  const query = { taskId: task, actor, action, limit: Math.min(limit, PAGE), signal };
  for await (const entry of client.audit(query)) {
    entries.push(entry);
    if (entries.length === limit) break;
  }
  const text = entries.length === 0 ? 'Nothing.' : await auditTable(entries, out);
  out.sayAll(entries, () => text);
}

export function addAuditCommand(program: Command): void {
  defineCommand(program, { usage: 'audit', description: 'Show who changed what, newest first' })
    .option('--task <id>', 'only what was done to this task', taskId)
    .option('--actor <name>', 'only what this key did')
    .option('--action <action>', 'only this, such as cancel or enqueue')
    .option('--limit <count>', 'how many entries at most', wholeNumber, 100)
    .action(running(audit));
}
