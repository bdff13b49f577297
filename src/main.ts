#!/usr/bin/env node
import { exitOnFailedOutput } from './cli/output.js';
import { createProgram } from './cli/program.js';
import { UserError } from './core/errors.js';

exitOnFailedOutput();
try {
  await createProgram().parseAsync();
} catch (error) {
  // A user's error is one sentence; anything else is a defect, with its stack.
  console.error(error instanceof UserError ? `spoolite: ${error.message}` : error);
  // Anything started before the failure must not keep the process running.
  process.exit(1);
} finally {
  // The IPC channel to a parent process would keep this one running.
  if (process.connected) process.disconnect();
}
