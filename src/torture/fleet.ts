import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { UserError } from '../core/errors.js';
import type { Launch } from './setup.js';

/** Milliseconds before a process that ended by itself is restarted. */
const AFTER_CRASH_MS = 500;

/** All the processes; each is restarted as soon as it has ended. */
export class Fleet {
  readonly #launches: readonly Launch[];
  readonly #directory: string;
  readonly #children = new Map<Launch, Child>();
  /** Faults of the processes. */
  readonly complaints: string[] = [];
  #closing = false;

  constructor(launches: readonly Launch[], directory: string) {
    this.#launches = launches;
    this.#directory = directory;
  }

  /** Starts all processes. Throws `UserError` if one does not come up. */
  async start(): Promise<void> {
    for (const launch of this.#launches) this.#start(launch);
    await Promise.all(this.children.map((child) => child.ready));
    if (this.complaints[0]) throw new UserError(`The torture test could not start: ${this.complaints[0]}`);
  }

  get children(): Child[] {
    return [...this.#children.values()];
  }

  /** Addresses of the servers that are listening. */
  get addresses(): string[] {
    return this.children.flatMap(({ address }) => address ?? []);
  }

  /** Resolves when every process is ready, or `over` is aborted. */
  async allReady(over: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) =>
      over.addEventListener('abort', () => resolve(), { once: true }),
    );
    while (!over.aborted && this.children.some(({ state }) => state !== 'ready')) {
      const notReady = this.children.filter(({ state }) => state !== 'ready');
      const changes = notReady.map((child) => (child.state === 'starting' ? child.ready : child.ended));
      await Promise.race([Promise.all(changes), aborted]);
    }
  }

  /** Terminates all processes gracefully. */
  async disband(): Promise<void> {
    this.#closing = true;
    for (const child of this.children) child.terminate();
    await this.#allEnded();
  }

  /** Kills all processes. */
  async kill(): Promise<void> {
    this.#closing = true;
    for (const child of this.children) if (child.state !== 'ended') child.kill();
    await this.#allEnded();
  }

  async #allEnded(): Promise<void> {
    await Promise.all(this.children.map((child) => child.ended));
  }

  #start(launch: Launch): void {
    const child = new Child(launch, this.#directory);
    this.#children.set(launch, child);
    void child.ended.then((complaint) => this.#startAgain(launch, complaint));
  }

  async #startAgain(launch: Launch, complaint: string | null): Promise<void> {
    if (complaint) {
      this.complaints.push(complaint);
      if (!this.#closing) await delay(AFTER_CRASH_MS);
    }
    if (!this.#closing) this.#start(launch);
  }
}

const EXECUTABLE = fileURLToPath(new URL('../main.js', import.meta.url));

/** Milliseconds in which a process must end after a signal. */
const END_WITHIN_MS = 20_000;

/** Exit codes after a signal: graceful, and after a second one. */
const ORDERLY = [0, 143];

/** One run of a server or a worker, as a process of its own. */
export class Child {
  readonly launch: Launch;
  /** Resolves when it has ended: to null if we ended it, else to what was wrong. */
  readonly ended: Promise<string | null>;
  /** Resolves when it is ready or has ended. */
  readonly ready: Promise<void>;
  readonly #process: ChildProcess;
  readonly #log: string;
  #state: 'starting' | 'ready' | 'paused' | 'ending' | 'killed' | 'ended' = 'starting';
  #address: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #onResume: (() => void) | undefined;
  #hung = false;
  /** Number of signals to end. */
  #asked = 0;

  constructor(launch: Launch, directory: string) {
    this.launch = launch;
    this.#log = join(directory, `${launch.name}.log`);
    const log = openSync(this.#log, 'a');
    // In its own process group: a Ctrl-C is for this program only.
    this.#process = spawn(process.execPath, [EXECUTABLE, ...launch.args], {
      cwd: directory,
      env: launch.environment,
      detached: true,
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    this.ended = this.#watchEnd();
    this.ready = Promise.race([this.#watchStart(), this.ended.then(() => undefined)]);
  }

  get state() {
    return this.#state;
  }

  /** The address of a listening server; null otherwise, and for a worker. */
  get address(): string | null {
    return this.#state === 'ended' ? null : this.#address;
  }

  kill(): void {
    this.#state = 'killed';
    this.#signal('SIGKILL');
  }

  /** Pauses it; it resumes after this many milliseconds, unless it is killed before. */
  pause(milliseconds: number, onResume: () => void): void {
    this.#state = 'paused';
    this.#onResume = onResume;
    this.#signal('SIGSTOP');
    this.#timer = setTimeout(() => this.resume(), milliseconds);
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    clearTimeout(this.#timer);
    this.#state = 'ready';
    this.#signal('SIGCONT');
    this.#onResume?.();
  }

  /** Requests a graceful end. */
  terminate(): void {
    this.resume();
    if (this.#state !== 'ending') {
      this.#timer = setTimeout(() => {
        this.#hung = true;
        this.kill();
      }, END_WITHIN_MS);
    }
    this.#state = 'ending';
    this.#asked += 1;
    this.#signal('SIGTERM');
  }

  #signal(signal: NodeJS.Signals): void {
    // False, without effect, if the process has already ended.
    this.#process.kill(signal);
  }

  #watchStart(): Promise<void> {
    let said = '';
    return new Promise((resolve) => {
      this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (this.#state !== 'starting' || !said.includes('durability')) return;
        this.#address = /listening on\s+(\S+)/.exec(said)?.[1] ?? null;
        this.#state = 'ready';
        resolve();
      });
    });
  }

  #watchEnd(): Promise<string | null> {
    return new Promise((resolve) => {
      this.#process.once('error', (error) =>
        resolve(`${this.launch.name} could not be started: ${error.message}`),
      );
      this.#process.once('exit', (code, signal) => {
        clearTimeout(this.#timer);
        const complaint = this.#complaintAbout(code, signal);
        this.#state = 'ended';
        resolve(complaint);
      });
    });
  }

  #complaintAbout(code: number | null, signal: NodeJS.Signals | null): string | null {
    const { name } = this.launch;
    if (this.#hung) return `${name} did not end within ${END_WITHIN_MS / 1000} s of the request to stop`;
    if (this.#state === 'killed') return null;
    if (this.#state === 'ending' && code !== null && ORDERLY.includes(code)) return null;
    // After its cleanup it no longer handles signals, so a further one kills it.
    if (this.#asked > 1 && signal === 'SIGTERM') return null;
    const when = this.#state === 'ending' ? 'when asked to stop' : 'by itself';
    const how = signal ? `died of ${signal}` : `ended with code ${code}`;
    return `${name} ${how} ${when}; its log ends: ${this.#lastWords()}`;
  }

  #lastWords(): string {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-3).join(' / ').slice(-1_000);
  }
}

const GUARDIAN = fileURLToPath(new URL('./guardian.js', import.meta.url));

/** Ensures that no process started here remains, even if this program is killed. */
export class Guard {
  readonly #guardian: ChildProcessByStdio<Writable, null, null>;

  constructor(database: string) {
    // In its own process group, so that a Ctrl-C for this program does not end it first.
    this.#guardian = spawn(process.execPath, [GUARDIAN], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#guardian.stdin.on('error', () => undefined);
    this.#guardian.stdin.write(`${database}\0`);
  }

  /** To be called when no process is left to guard. */
  close(): void {
    this.#guardian.stdin.end('done');
  }
}
