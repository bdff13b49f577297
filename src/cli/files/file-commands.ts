import type { Command } from 'commander';
import { addDoctorCommand } from './doctor-command.js';
import { addKeysCommand } from './keys/keys-command.js';

/** The commands that look after the database file. */
export function addFileCommands(program: Command): void {
  addDoctorCommand(program);
  addKeysCommand(program);
}
