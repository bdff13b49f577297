import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from '@jest/globals';
import { onTestEnd } from './cleanup.js';
import { Program } from './program.js';

interface Waiting {
  resolve(message: unknown): void;
  reject(error: Error): void;
}

/** A process of our own that runs a module of this folder and talks in messages; killed when the test ends. */
export class Child {
  readonly #process: ChildProcess;
  readonly #messages: unknown[] = [];
  readonly #waiting: Waiting[] = [];
  #end: Error | undefined;

  /** `module` is the name of a file in this folder. */
  constructor(module: string, args: readonly string[] = []) {
    const file = fileURLToPath(new URL(module, import.meta.url));
    this.#process = fork(file, args, { execArgv: [] });
    this.#process.on('message', (message) => {
      const next = this.#waiting.shift();
      if (next) next.resolve(message);
      else this.#messages.push(message);
    });
    this.#process.once('exit', (code, signal) => {
      this.#end = new Error(`The process ended (${signal ?? code}) without an answer`);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#end);
    });
    onTestEnd(() => this.#kill());
  }

  /** Resolves to the next message; rejects when the process ends before. */
  next<T>(): Promise<T> {
    if (this.#messages.length > 0) return Promise.resolve(this.#messages.shift() as T);
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as Waiting['resolve'], reject });
    });
  }

  /** Sends a message; resolves to the answer. */
  ask<T>(message: object): Promise<T> {
    this.#process.send(message);
    return this.next<T>();
  }

  async #kill(): Promise<void> {
    if (this.#end) return;
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }
}

interface RunningProcess {
  pid: number;
  command: string;
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended meanwhile
  }
}

/** Where there is no /proc, `ps` knows. */
function listAll(): RunningProcess[] {
  if (existsSync('/proc/self/cmdline')) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => ({ pid: Number(pid), command: commandOf(pid) }));
  }
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => ({ pid: Number.parseInt(line, 10), command: line }));
}

/** Process ids of everything that runs now with this text in its command line. */
export const processesNaming = (text: string): number[] =>
  listAll().flatMap(({ pid, command }) => (command.includes(text) ? [pid] : []));

/** Whether the operating system has a program of that name. */
export function hasProgram(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The check script sets this variable, and with it a missing program is a failure. */
const isRequired = process.env.SPOOLITE_PROGRAM_TESTS === 'required';

/** Tests that need something of the machine; skipped where it is missing, with the reason printed. */
export function describeWhere(isThere: boolean, needed: string, name: string, tests: () => void): void {
  if (isRequired || isThere) {
    describe(name, tests);
  } else {
    process.stderr.write(`Skipped: ${name}. There is no ${needed} on this machine.\n`);
    // Only on a developer's machine that lacks it; CI installs it and never skips.
    describe.skip(name, () => {
      test(`needs ${needed}`, () => undefined);
    });
  }
}

/** Tests that need a program of the operating system; skipped, and said so, where it is not installed. */
export const describeWith = (program: string, name: string, tests: () => void): void =>
  describeWhere(hasProgram(program), program, name, tests);

/** What promtool says, and how it ends; nothing and 0 where it finds nothing wrong. */
export function promtool(args: readonly string[], input?: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

/** Ports that no system hands out by itself: another test's server must not get one while ours is down. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port that nobody listens on, for a program that must find it again after all of its processes have died. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer();
    const isFree = once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.listen(port, '127.0.0.1');
    if (!(await isFree)) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

export interface TestCertificate {
  /** Paths of the files. */
  cert: string;
  key: string;
  /** Its own authority, for clients that are to trust it. */
  ca: Buffer;
}

/** A certificate for loopback, made by openssl, in that folder; nobody but itself has signed it. */
export function testCertificate(folder: string, name = 'server', days = 2): TestCertificate {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', cert, '-days', String(days)];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return { cert, key, ca: readFileSync(cert) };
}

const SCRIPT = fileURLToPath(new URL('python-worker.py', import.meta.url));

/** The Python worker of the examples, with the handlers for tests, as a process; ready to claim. */
export async function startPythonWorker(
  url: string,
  { concurrency = 4, env = {} }: { concurrency?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<Program> {
  const args = [SCRIPT, '--url', url, '--worker-id', 'python', '--concurrency', String(concurrency)];
  const worker = new Program('python3', args, { ...env, PYTHONUNBUFFERED: '1', no_proxy: '127.0.0.1' });
  await worker.says(/python works on/);
  return worker;
}

const isRoot = process.getuid?.() === 0;

/** Root may read and write whatever the modes say, unless it starts a process without these capabilities. */
const PREFIX = isRoot ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];

/** What is needed where tests run as root. */
export const BOUND_ROOT = 'setpriv that may take capabilities away';

/** Whether {@link asOrdinaryUser} can be called here. */
export const canBeOrdinary =
  !isRoot || spawnSync(PREFIX[0] as string, [...PREFIX.slice(1), 'true']).status === 0;

/** Runs a program to its end as a user for whom the modes of files hold. Its own files count as the owner's. */
export function asOrdinaryUser(...command: string[]) {
  const [program, ...args] = [...PREFIX, ...command];
  return spawnSync(program as string, args, { encoding: 'utf8', cwd: '/', timeout: 60_000 });
}
