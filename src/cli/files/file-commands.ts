import type { Command } from 'commander';
import { addBackupCommand } from './backup-command.js';
import { addDoctorCommand } from './doctor-command.js';
import { addExportCommand } from './export-command.js';
import { addImportCommand } from './import-command.js';
import { addKeysCommand } from './keys/keys-command.js';
import { addRestoreCommand } from './restore-command.js';

/** The commands that look after the database file. */
export function addFileCommands(program: Command): void {
  addBackupCommand(program);
  addRestoreCommand(program);
  addExportCommand(program);
  addImportCommand(program);
  addDoctorCommand(program);
  addKeysCommand(program);
}
