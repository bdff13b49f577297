import { rmSync } from 'node:fs';
import { StartupError } from '../../domain/startup-error.js';
import { Guard } from './guard.js';
import { databaseIn } from './launch.js';
import { ProgressLine } from './progress-line.js';
import { report, toResult } from './report.js';
import { scratchDirectory } from './scratch-directory.js';
import { Torture } from './torture.js';
import { readTortureOptions, type TortureOptions } from './torture-options.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function refuseWhereImpossible(): void {
  if (process.platform !== 'win32') return;
  throw new StartupError(
    'torture needs POSIX signals (SIGSTOP, SIGCONT), which Windows does not have: run it on Linux or macOS, or in WSL.',
  );
}

/** Aborts on the first signal that asks this program to end, with the exit code as the reason. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => controller.abort(code));
  return controller.signal;
}

/** Tortures, prints what came of it, and returns the exit code and whether there is something to look into. */
async function tortureIn(directory: string, options: TortureOptions) {
  const interrupted = interruption();
  const torture = new Torture(options, directory, interrupted);
  const progress = new ProgressLine(torture, options.seconds);
  const verdict = await torture.run().finally(() => progress.end());
  if (!verdict) {
    console.error('Interrupted: nothing was judged.');
    return { exitCode: interrupted.reason as number, breached: false };
  }
  const result = toResult(options, torture.figures, verdict);
  console.log(options.json ? JSON.stringify(result, null, 2) : report(result));
  const breached = verdict.breaches.length > 0;
  return { exitCode: breached ? 1 : 0, breached };
}

/**
 * The whole command; returns its exit code. Nothing it started is left. Its folder is, when that was asked for or there
 * is a breach to look into. Throws `StartupError`.
 */
export async function runTorture(flags: Record<string, unknown>): Promise<number> {
  refuseWhereImpossible();
  const options = readTortureOptions(flags);
  const directory = scratchDirectory(options.directory);
  console.error(`Seed ${options.seed}, working in ${directory}`);
  const guard = new Guard(databaseIn(directory));
  let keep = options.keep || options.directory !== null;
  try {
    const { exitCode, breached } = await tortureIn(directory, options);
    keep ||= breached;
    return exitCode;
  } finally {
    guard.close();
    if (keep) console.error(`The database, the records and the logs are in ${directory}`);
    else rmSync(directory, { recursive: true, force: true });
  }
}
