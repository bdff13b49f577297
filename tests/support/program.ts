import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestEnd } from './cleanup.js';
import { eventually } from './waiting.js';

/** The executable, as it is built. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The module whose handlers do what the payload says. */
export const TEST_HANDLERS = fileURLToPath(new URL('test-handlers.mjs', import.meta.url));

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ProgramOptions {
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
    { cwd, group = false, input, typed = false }: ProgramOptions = {},
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
  surroundings: ProgramOptions = {},
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

const IN_TERMINAL = fileURLToPath(new URL('in-terminal.py', import.meta.url));

/** What a command has said, and its exit code. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built program as people type it, talking to a server. */
export class CommandLine {
  readonly #env: NodeJS.ProcessEnv;

  constructor(url: string, env: NodeJS.ProcessEnv = {}) {
    // Whatever the tests run in has to say of colours is not meant for this.
    this.#env = { SPOOLITE_URL: url, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env };
  }

  /** Starts it with its output going to a pipe. */
  start(...args: string[]): Program {
    return new Program(process.execPath, [MAIN, ...args], this.#env);
  }

  async run(...args: string[]): Promise<CommandResult> {
    const program = this.start(...args);
    const { code } = await program.exited;
    const { stdout, stderr } = program;
    return { code, stdout, stderr };
  }

  /** Its output as JSON values, one after the other; throws when it has failed. */
  async json(...args: string[]) {
    const { code, stdout, stderr } = await this.run(...args);
    if (code !== 0 || stderr !== '') throw new Error(`Exit code ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** Starts it in a terminal of 100 columns: what it says there is the program's output. */
  inTerminal(...args: string[]): Program {
    const all = [IN_TERMINAL, process.execPath, MAIN, ...args];
    return new Program('python3', all, { TERM: 'xterm-256color', ...this.#env }, { typed: true });
  }

  /** Runs a line of bash in which `spoolite` is the program. */
  shell(line: string): Program {
    const script = `spoolite() { "${process.execPath}" "${MAIN}" "$@"; }\n${line}`;
    return new Program('bash', ['-c', script], this.#env);
  }
}

export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `spoolite` with these arguments to its end, `input` being its standard input. */
export async function spooliteRan(args: readonly string[], input?: string): Promise<RunResult> {
  const program = new Program(process.execPath, [MAIN, ...args], {}, { input });
  const { code } = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

/** How a command that was to be killed has ended: it may have been too quick. */
export interface Killed {
  finished: boolean;
}

/**
 * Starts `spoolite` with these arguments, and kills it when `begun` says that it is at its work, after as many milliseconds
 * more as are given.
 */
export async function killedHalfway(
  args: readonly string[],
  begun: () => boolean,
  afterMs: number,
): Promise<Killed> {
  const program = new Program(process.execPath, [MAIN, ...args]);
  while (program.isRunning && !begun()) await delay(1);
  await delay(afterMs);
  program.signal('SIGKILL');
  const { code } = await program.exited;
  return { finished: code === 0 };
}
