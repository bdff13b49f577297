import cluster, { type Worker } from 'node:cluster';
import { StartupError } from '../domain/startup-error.js';
import type { Stoppable } from './run-until-signal.js';

/** Milliseconds before a process that ended by itself is replaced, so that one which cannot start does not spin. */
const RESTART_MS = 1_000;

/** Seconds that processes may take to end after their grace period. */
const MARGIN_SECONDS = 10;

/** True in a process that serves on behalf of another one. */
export const isServerProcess = cluster.isWorker;

/**
 * Serves from several processes that share one port and one database file: each is this very command again. One that
 * dies is replaced; stopping passes the signal on and waits for all.
 */
export class ServerProcesses implements Stoppable {
  readonly #graceSeconds: number;
  readonly #variables: NodeJS.ProcessEnv;
  readonly #workers = new Set<Worker>();
  #stopping = false;

  /** `graceSeconds` is what each process gives its requests when told to stop; `variables` is added to its environment. */
  constructor(graceSeconds: number, variables: NodeJS.ProcessEnv) {
    this.#graceSeconds = graceSeconds;
    this.#variables = variables;
  }

  /** Starts `count` processes; resolves to the address once all of them listen. Throws `StartupError`. */
  async start(count: number): Promise<string> {
    try {
      // The first one alone: what keeps it from starting would otherwise be said by all of them.
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
    const patience = graceSeconds === 0 ? 0 : this.#graceSeconds + MARGIN_SECONDS;
    const impatience = setTimeout(() => this.#killAll(), patience * 1000);
    await Promise.all(ended);
    clearTimeout(impatience);
  }

  /** Forwards a request to reload files. */
  hangUp(): void {
    for (const worker of this.#workers) worker.process.kill('SIGHUP');
  }

  #fork(): Promise<string> {
    const worker = cluster.fork(this.#variables);
    this.#workers.add(worker);
    return new Promise((resolve, reject) => {
      worker.once('message', ({ address }: { address: string }) => resolve(address));
      worker.once('exit', (code, signal) => {
        this.#workers.delete(worker);
        reject(new StartupError('A server process could not start; what it said is above.'));
        if (this.#stopping) return;
        console.error(
          `spoolite: Server process ${worker.process.pid} has ended (${signal ?? code}); starting another.`,
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
 * In a process that serves on behalf of another one: tells it the address, and stops when told to or when that process
 * is gone. Resolves with the exit code. A Ctrl-C reaches the whole group; only the first process acts on it.
 */
export function serveFor(app: Stoppable, address: string): Promise<number> {
  process.on('SIGINT', () => undefined);
  return new Promise((resolve, reject) => {
    let isStopping = false;
    // A supervisor may tell the whole group what the first process tells too: the second word changes nothing.
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
