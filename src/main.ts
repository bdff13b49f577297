#!/usr/bin/env node
import { exitOnFailedOutput } from './cli/output.js';
import { createProgram } from './cli/program.js';
import { UserError } from './core/errors.js';

exitOnFailedOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  // What the user can mend is one sentence; anything else is a defect, and its stack is wanted.
  console.error(error instanceof UserError ? `spoolite: ${error.message}` : error);
  // Whatever was started before the failure must not keep the process.
  process.exit(1);
} finally {
  // The line to a process that started this one would keep it running.
  if (process.connected) process.disconnect();
}
