import type { Command } from 'commander';

const HELP = `
Starts servers and workers on a database of its own, enqueues through HTTP, and kills, stops, continues and ends
them at random. Then it lets them finish, ends them, and counts. Exit code 0: no breach; 1: a breach, and its name.

The seed fixes what is enqueued and which disturbances follow each other; how the processes meet them is up to the
machine. A kill takes a process's memory, not the machine's: what a power cut takes is not tested here.

It needs POSIX signals (SIGKILL, SIGSTOP, SIGCONT): Linux, macOS or another Unix; not Windows.`;

/** `torture`: shows on the user's own machine that nothing acknowledged is lost and nothing runs twice by accident. */
export function addTortureCommand(program: Command): void {
  program
    .command('torture')
    .description('Kill and stop servers and workers at random, and count what was lost or done twice')
    .option('--seconds <number>', 'how long to disturb them (60)')
    .option('--servers <number>', 'server processes (2)')
    .option('--workers <number>', 'worker processes (4)')
    .option('--seed <number>', 'what chance goes by, 0 to 4294967295 (random, and printed)')
    .option(
      '--directory <folder>',
      'where to work: a new or an empty folder, kept afterwards (a temporary one)',
    )
    .option('--keep', 'keep the temporary folder; it is kept anyway when there is a breach')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (flags: Record<string, unknown>) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { runTorture } = await import('./torture/run-torture.js');
      process.exitCode = await runTorture(flags);
    });
}
