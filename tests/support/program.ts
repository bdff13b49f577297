import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';
import { onTestEnd } from './on-test-end.js';

/** The executable, as it is built. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The module whose handlers do what the payload says. */
export const TEST_HANDLERS = fileURLToPath(new URL('test-handlers.mjs', import.meta.url));

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Surroundings {
  cwd?: string;
  /** Its standard input; none unless given. */
  input?: string | undefined;
  /** Its standard input comes as a test types it. */
  typed?: boolean;
  /** Signals go to it and to all processes that it starts, as those of a terminal do. */
  group?: boolean;
}

/** A real process, killed when the test ends. */
export class Program {
  readonly #child: ChildProcess;
  readonly #group: boolean;
  readonly exited: Promise<Exit>;
  /** What it has written so far to standard output and standard error. */
  output = '';
  /** The same, of each alone. */
  stdout = '';
  stderr = '';

  constructor(
    command: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    { cwd, group = false, input, typed = false }: Surroundings = {},
  ) {
    this.#group = group;
    this.#child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: [input === undefined && !typed ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      cwd,
      detached: group,
    });
    this.#child.stdin?.on('error', () => undefined);
    if (!typed) this.#child.stdin?.end(input);
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this[name] += text;
      });
    }
    this.exited = once(this.#child, 'close').then(([code, signal]) => ({ code, signal }));
    onTestEnd(() => this.kill());
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** To its standard input; for one whose input is `typed`. */
  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  signal(name: NodeJS.Signals): void {
    if (this.#group) this.#signalGroup(name);
    else this.#child.kill(name);
  }

  #signalGroup(name: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, name);
    } catch (error) {
      // Nobody is left in it.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** Ends it without a chance to do anything; resolves when it is gone. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** Resolves to the match once the output has it; rejects with the output when the process ends without. */
  async says(pattern: RegExp, deadlineMs = 60_000): Promise<RegExpExecArray> {
    const match = () => pattern.exec(this.output);
    return eventually(() => {
      const found = match();
      if (!found && !this.isRunning) throw new Error(`It ended without saying ${pattern}:\n${this.output}`);
      return found;
    }, deadlineMs);
  }
}

/** `spoolite` with these arguments, as a process of its own. */
export const spoolite = (...args: string[]): Program => new Program(process.execPath, [MAIN, ...args]);

/** The same with these variables, and where it says. */
export const spooliteIn = (env: NodeJS.ProcessEnv, args: readonly string[], cwd?: string): Program =>
  new Program(process.execPath, [MAIN, ...args], env, { cwd });

/** `spoolite work` on the file, ready to claim; with the handlers for tests unless `args` name others. */
export async function startWorker(
  database: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  surroundings: Surroundings = {},
): Promise<Program> {
  const all = [MAIN, 'work', '--database', database, '--handlers', TEST_HANDLERS, ...args];
  const worker = new Program(process.execPath, all, env, surroundings);
  await worker.says(/worker\s+\S+, \d+ slots/);
  return worker;
}

export interface ServerProcess {
  program: Program;
  url: string;
}

/** The address that a server's banner names. */
export async function listening(program: Program): Promise<ServerProcess> {
  const [, url] = await program.says(/listening on\s+(https?:\S+)\n/);
  return { program, url: url as string };
}

/** `spoolite serve` on the file, ready for requests. */
export const startServer = (database: string, ...args: string[]): Promise<ServerProcess> =>
  listening(spoolite('serve', '--database', database, '--port', '0', ...args));
