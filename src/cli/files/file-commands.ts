import type { Command } from 'commander';
import { addDoctorCommand } from './doctor-command.js';

/** The commands that look after the database file. */
export function addFileCommands(program: Command): void {
  addDoctorCommand(program);
}
