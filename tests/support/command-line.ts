import { fileURLToPath } from 'node:url';
import { MAIN, Program } from './program.js';

const IN_TERMINAL = fileURLToPath(new URL('in-terminal.py', import.meta.url));

/** What a command has said, and its exit code. */
export interface Said {
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

  async run(...args: string[]): Promise<Said> {
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
