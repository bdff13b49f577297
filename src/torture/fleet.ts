import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { UserError } from '../core/errors.js';
import type { Launch } from './setup.js';

/** Milliseconds before a process that ended by itself is started again. */
const AFTER_CRASH_MS = 500;

/** All the processes: each is started again as soon as it has ended. */
export class Fleet {
  readonly #launches: readonly Launch[];
  readonly #directory: string;
  readonly #guard: Guard;
  readonly #children = new Map<Launch, Child>();
  /** What processes did that they should not. */
  readonly complaints: string[] = [];
  #closing = false;

  constructor(launches: readonly Launch[], directory: string, guard: Guard) {
    this.#launches = launches;
    this.#directory = directory;
    this.#guard = guard;
  }

  /** Starts everything for the first time. Throws `UserError` when a process does not come up. */
  async start(): Promise<void> {
    for (const launch of this.#launches) this.#start(launch);
    await Promise.all(this.children.map((child) => child.ready));
    if (this.complaints[0]) throw new UserError(`The torture could not start: ${this.complaints[0]}`);
  }

  get children(): Child[] {
    return [...this.#children.values()];
  }

  /** Where servers listen now. */
  get addresses(): string[] {
    return this.children.flatMap(({ address }) => address ?? []);
  }

  /** Resolves when every process is at work, or `over` is aborted. */
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

  /** Ends everything in good order. */
  async disband(): Promise<void> {
    this.#closing = true;
    for (const child of this.children) child.terminate();
    await this.#allEnded();
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    this.#closing = true;
    for (const child of this.children) if (child.state !== 'ended') child.kill();
    await this.#allEnded();
  }

  async #allEnded(): Promise<void> {
    await Promise.all(this.children.map((child) => child.ended));
  }

  #start(launch: Launch): void {
    const child = new Child(launch, this.#directory, this.#guard);
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

/** Milliseconds in which a process must end that was told to. */
const END_WITHIN_MS = 20_000;

/** Exit codes of a process that was told to end: in good order, and after a second signal. */
const ORDERLY = [0, 143];

/** One run of a server or a worker, as a process of its own. */
export class Child {
  readonly launch: Launch;
  /** Resolves when it has ended: null when that was our doing, else what was wrong with it. */
  readonly ended: Promise<string | null>;
  /** Resolves when it is at work or has ended. */
  readonly ready: Promise<void>;
  readonly #process: ChildProcess;
  readonly #log: string;
  #state: 'starting' | 'ready' | 'paused' | 'ending' | 'killed' | 'ended' = 'starting';
  #address: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #onResume: (() => void) | undefined;
  #hung = false;
  /** How often it was asked to end. */
  #asked = 0;

  constructor(launch: Launch, directory: string, guard: Guard) {
    this.launch = launch;
    this.#log = join(directory, `${launch.name}.log`);
    const log = openSync(this.#log, 'a');
    // In a group of its own: a Ctrl-C is for the program that tortures it.
    this.#process = spawn(process.execPath, [EXECUTABLE, ...launch.args], {
      cwd: directory,
      env: launch.environment,
      detached: true,
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    this.ended = this.#watchEnd(guard);
    this.ready = Promise.race([this.#watchStart(), this.ended.then(() => undefined)]);
  }

  get state() {
    return this.#state;
  }

  /** Where a server listens; null while it does not, and for a worker. */
  get address(): string | null {
    return this.#state === 'ended' ? null : this.#address;
  }

  kill(): void {
    this.#state = 'killed';
    this.#signal('SIGKILL');
  }

  /** Stops it in its tracks; it goes on after so many milliseconds, unless it is killed before. */
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

  /** Asks it to end in good order. */
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
    // False, and without effect, when the process has ended already.
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

  #watchEnd(guard: Guard): Promise<string | null> {
    const { pid } = this.#process;
    if (pid !== undefined) guard.watch(pid);
    return new Promise((resolve) => {
      this.#process.once('error', (error) =>
        resolve(`${this.launch.name} could not be started: ${error.message}`),
      );
      this.#process.once('exit', (code, signal) => {
        clearTimeout(this.#timer);
        if (pid !== undefined) guard.forget(pid);
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
    // Once it is past its last work, a further signal finds nobody who would listen to it.
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

/** Sees to it that no process which was started here stays behind, even when this program is killed. */
export class Guard {
  readonly #guardian: ChildProcessByStdio<Writable, null, null>;

  constructor() {
    // In a group of its own, so that a Ctrl-C for this program does not end it first.
    this.#guardian = spawn(process.execPath, [GUARDIAN], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#guardian.stdin.on('error', () => undefined);
  }

  watch(pid: number): void {
    this.#guardian.stdin.write(`+${pid}\n`);
  }

  forget(pid: number): void {
    this.#guardian.stdin.write(`-${pid}\n`);
  }

  /** Call when nothing is left to guard. */
  close(): void {
    this.#guardian.stdin.end();
  }
}
