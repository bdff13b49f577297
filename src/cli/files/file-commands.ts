import type { Command } from 'commander';
import { addBackupCommand } from './backup-command.js';
import { addDoctorCommand } from './doctor-command.js';

/** The commands that look after the database file. */
export function addFileCommands(program: Command): void {
  addBackupCommand(program);
  addDoctorCommand(program);
}
