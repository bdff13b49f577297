import type { Command } from 'commander';
import { addAuditCommand } from './audit-command.js';
import { addChangeCommands } from './change-commands.js';
import { addEnqueueCommand } from './enqueue-command.js';
import { addListCommand } from './list-command.js';
import { addLogsCommand } from './logs-command.js';
import { addStatsCommand } from './stats-command.js';
import { addStatusCommand } from './status-command.js';
import { addTailCommand } from './tail-command.js';
import { addWaitCommand } from './wait-command.js';
import { addWorkersCommand } from './workers-command.js';

/** The commands about tasks, which speak to a server as everybody does. */
export function addTaskCommands(program: Command): void {
  addEnqueueCommand(program);
  addStatusCommand(program);
  addWaitCommand(program);
  addListCommand(program);
  addLogsCommand(program);
  addChangeCommands(program);
  addStatsCommand(program);
  addWorkersCommand(program);
  addTailCommand(program);
  addAuditCommand(program);
}
