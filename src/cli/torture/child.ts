import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Launch } from './launch.js';

const EXECUTABLE = fileURLToPath(new URL('../../main.js', import.meta.url));

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

  constructor(launch: Launch, directory: string) {
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
    this.ended = this.#watchEnd();
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
    if (this.#hung) return `${name} did not end within ${END_WITHIN_MS / 1000} s of being told to`;
    if (this.#state === 'killed') return null;
    if (this.#state === 'ending' && code !== null && ORDERLY.includes(code)) return null;
    // Once it is past its last work, a further signal finds nobody who would listen to it.
    if (this.#asked > 1 && signal === 'SIGTERM') return null;
    const when = this.#state === 'ending' ? 'when told to end' : 'by itself';
    const how = signal ? `died of ${signal}` : `ended with code ${code}`;
    return `${name} ${how} ${when}; its log ends: ${this.#lastWords()}`;
  }

  #lastWords(): string {
    return readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-3).join(' / ').slice(-1_000);
  }
}
