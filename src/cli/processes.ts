import cluster, { type Worker } from 'node:cluster';
import { systemMonotonic } from '../core/clock.js';
import { UserError } from '../core/errors.js';

/** Milliseconds before a process that ended by itself is replaced, so that one that cannot start does not spin. */
const RESTART_MS = 1_000;

/** Seconds that processes may take to end after their grace period. */
const MARGIN_SECONDS = 10;

/** True in a process that another one has started to serve. */
export const isServerProcess = cluster.isWorker;

/**
 * Serves from several processes that share one port and one database file: each runs this same command. One that dies
 * is replaced; stopping forwards the signal and waits for all.
 */
export class ServerProcesses implements Stoppable {
  readonly #graceSeconds: number;
  readonly #variables: NodeJS.ProcessEnv;
  readonly #workers = new Set<Worker>();
  #stopping = false;

  /** `graceSeconds` is each process's grace period for its requests; `variables` is added to its environment. */
  constructor(graceSeconds: number, variables: NodeJS.ProcessEnv) {
    this.#graceSeconds = graceSeconds;
    this.#variables = variables;
  }

  /** Starts `count` processes; resolves to the address once all of them listen. Throws `UserError`. */
  async start(count: number): Promise<string> {
    try {
      // The first one alone: an error at startup would otherwise be printed by all of them.
      const address = await this.#fork();
      await Promise.all(Array.from({ length: count - 1 }, () => this.#fork()));
      return address;
    } catch (error) {
      await this.stop({ graceSeconds: 0 });
      throw error;
    }
  }

  async stop({ graceSeconds }: { graceSeconds?: number } = {}): Promise<void> {
    this.#stopping = true;
    const ended = [...this.#workers].map((worker) => new Promise((resolve) => worker.once('exit', resolve)));
    for (const worker of this.#workers) worker.process.kill('SIGTERM');
    const timeoutSeconds = graceSeconds === 0 ? 0 : this.#graceSeconds + MARGIN_SECONDS;
    const killTimer = setTimeout(() => this.#killAll(), timeoutSeconds * 1000);
    await Promise.all(ended);
    clearTimeout(killTimer);
  }

  /** Forwards the request to reload files. */
  forwardSighup(): void {
    for (const worker of this.#workers) worker.process.kill('SIGHUP');
  }

  #fork(): Promise<string> {
    const worker = cluster.fork(this.#variables);
    this.#workers.add(worker);
    return new Promise((resolve, reject) => {
      worker.once('message', ({ address }: { address: string }) => resolve(address));
      worker.once('exit', (code, signal) => {
        this.#workers.delete(worker);
        reject(new UserError('A server process could not start; its error is above.'));
        if (this.#stopping) return;
        console.error(
          `spoolite: Server process ${worker.process.pid} exited (${signal ?? code}); starting another.`,
        );
        setTimeout(() => this.#replace(), RESTART_MS);
      });
    });
  }

  #replace(): void {
    if (!this.#stopping) this.#fork().catch(() => undefined);
  }

  #killAll(): void {
    for (const worker of this.#workers) worker.process.kill('SIGKILL');
  }
}

/**
 * Runs in a process that another one has started to serve: reports the address, and stops on a signal or when that
 * process is gone. Resolves to the exit code. A Ctrl-C reaches the whole group; only the first process acts on it.
 */
export function serveFor(app: Stoppable, address: string): Promise<number> {
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    let isStopping = false;
    // A supervisor may signal the whole group, as the first process does: only the first signal counts.
    const end = () => {
      if (isStopping) return;
      isStopping = true;
      void app.stop().then(() => resolve(0), reject);
    };
    process.on('SIGTERM', end);
    process.once('disconnect', end);
    process.send?.({ address });
  });
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Milliseconds within which signals count as one: npm forwards to its child what a terminal has already sent to both.
 */
const SIGNAL_DEBOUNCE_MS = 500;

export interface Stoppable {
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

/**
 * Resolves to the exit code once the process has been signalled and has stopped: 0 after a clean drain; after a second
 * signal, that signal's number plus 128.
 */
export function runUntilSignal(running: Stoppable, say: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let firstAt: number | undefined;
    let exitCode = 0;
    const stop = (options?: { graceSeconds: number }) =>
      running.stop(options).then(() => resolve(exitCode), reject);
    const onSignal = (signal: NodeJS.Signals, code: number): void => {
      if (firstAt === undefined) {
        firstAt = systemMonotonic();
        say(
          `Draining: waiting for running tasks to finish. Press Ctrl-C or send ${signal} again to release them.`,
        );
        stop();
      } else if (exitCode === 0 && systemMonotonic() - firstAt > SIGNAL_DEBOUNCE_MS) {
        exitCode = code;
        say('Releasing the tasks that are still running.');
        stop({ graceSeconds: 0 });
      }
    };
    for (const [signal, code] of Object.entries(SIGNALS))
      process.on(signal, () => onSignal(signal as NodeJS.Signals, code));
  });
}

/**
 * Calls `reload` on every SIGHUP, the request of supervisors to reload files. A closing terminal sends the same, so a
 * program without such files ends on it as usual. Windows has no such signal.
 */
export function onSighup(hasFiles: boolean, reload: () => void): void {
  if (hasFiles || !process.stdin.isTTY) process.on('SIGHUP', reload);
}
