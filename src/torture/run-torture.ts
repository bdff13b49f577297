import { rmSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { Guard } from './fleet.js';
import { formatReport, toResult } from './report.js';
import { databaseIn, readTortureOptions, scratchDirectory, type TortureOptions } from './setup.js';
import { Torture } from './torture.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function refuseWhereImpossible(): void {
  if (process.platform !== 'win32') return;
  throw new UserError(
    'torture needs POSIX signals (SIGSTOP, SIGCONT), which Windows does not have: run it on Linux or macOS, or in WSL.',
  );
}

/** Aborts on the first signal to end, with the exit code as the reason. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => controller.abort(code));
  return controller.signal;
}

/** Runs the torture, prints the result, and returns the exit code and whether the folder is to be kept. */
async function tortureIn(directory: string, options: TortureOptions) {
  const interrupted = interruption();
  const torture = new Torture(options, directory, interrupted);
  const progress = new ProgressLine(torture, options.seconds);
  const checked = await torture.run().finally(() => progress.end());
  if (!checked) {
    console.error('Interrupted: nothing was checked.');
    return { exitCode: interrupted.reason as number, breached: false };
  }
  const result = toResult(options, torture.figures, checked);
  console.log(options.json ? JSON.stringify(result, null, 2) : formatReport(result));
  const breached = checked.violations.length > 0;
  return { exitCode: breached ? 1 : 0, breached };
}

/**
 * The whole command; returns its exit code. Leaves no process. Its folder remains if requested, or after a violation.
 * Throws `UserError`.
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

const REWRITE_MS = 200;
const LINE_MS = 5_000;

const CLEAR_LINE = '\r\u001b[K';

/** Shows progress: on a terminal one line that is rewritten, elsewhere an occasional line. */
export class ProgressLine {
  readonly #torture: Torture;
  readonly #seconds: number;
  readonly #started = Date.now();
  readonly #terminal = process.stderr.isTTY;
  readonly #timer: NodeJS.Timeout;

  constructor(torture: Torture, seconds: number) {
    this.#torture = torture;
    this.#seconds = seconds;
    this.#timer = setInterval(() => this.#show(), this.#terminal ? REWRITE_MS : LINE_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#terminal) process.stderr.write(CLEAR_LINE);
  }

  #show(): void {
    const { acknowledged, kills, stops, terminations } = this.#torture.figures;
    const elapsed = Math.floor((Date.now() - this.#started) / 1000);
    const phase = elapsed <= this.#seconds ? `${elapsed} s of ${this.#seconds}` : `${elapsed} s, draining`;
    const text = `${phase}: ${acknowledged} acknowledged, ${this.#torture.backlog} to do; ${kills} kills, ${stops} stops, ${terminations} terminations`;
    process.stderr.write(this.#terminal ? `${CLEAR_LINE}${text}` : `${text}\n`);
  }
}
