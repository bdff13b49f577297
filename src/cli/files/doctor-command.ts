import type { Command } from 'commander';
import { defineFileCommand } from './define-file-command.js';
import type { DoctorFlags } from './doctor.js';

const HELP = `
Looks at damage, lost log entries, counters, leases, the clock, versions, settings of the file, free space, the
write-ahead log, the disk and permissions. A server may run meanwhile; nobody has to wait.

--fix recounts the counters, takes back expired leases, gives free space back, empties the write-ahead log and mends the
wake file, and says what it did. It never touches a damaged file. The exit code is that of what is left then.

Exit codes: 0 all is well; 1 warnings (or wrong usage, or no such file); 2 a problem.`;

/** `doctor`: examines the database file. */
export function addDoctorCommand(program: Command): void {
  defineFileCommand(program, 'doctor', 'Examine the database file, and say what to do')
    .option('--fix', 'mend what can be mended without risk')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', HELP)
    .action(async (flags: DoctorFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { doctor } = await import('./doctor.js');
      process.exitCode = await doctor(flags);
    });
}
