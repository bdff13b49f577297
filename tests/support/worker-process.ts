import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { onTestEnd } from './on-test-end.js';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const MAIN = fromRoot('dist/main.js');
const HANDLERS = fromRoot('tests/support/misbehaving-handlers.js');

/** `spoolite work` as a process of its own; killed when the test ends. */
export class WorkerProcess {
  /** What it has printed so far. */
  output = '';
  /** Exit code, or the name of the signal that killed it. */
  readonly exited: Promise<number | string>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], { handlers = HANDLERS, cwd = fromRoot('.') } = {}) {
    this.#child = spawn(process.execPath, [MAIN, 'work', '--handlers', handlers, ...args], { cwd });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.exited = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => resolve(code ?? (signal as string)));
    });
    onTestEnd(async () => {
      this.kill('SIGKILL');
      await this.exited;
    });
  }

  /** Starts a worker on the file; resolves once it runs. */
  static async start(file: string, ...args: string[]): Promise<WorkerProcess> {
    const worker = new WorkerProcess(['--database', file, '--poll-seconds', '3600', ...args]);
    await worker.says('worker  ');
    return worker;
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async says(text: string): Promise<void> {
    await eventually(() => {
      if (this.output.includes(text)) return true;
      if (this.#child.exitCode !== null) throw new Error(`Ended without saying "${text}": ${this.output}`);
      return false;
    });
  }
}
