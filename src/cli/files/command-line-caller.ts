import { userInfo } from 'node:os';
import { type Caller, COMMAND_LINE } from '../../domain/caller.js';

/** Some systems have no name for the user of a process. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Who the audit log names for what a command does to the file. */
export const commandLineCaller = (): Caller => ({
  name: `${COMMAND_LINE}${userName()}`,
  address: null,
  requestId: null,
});
