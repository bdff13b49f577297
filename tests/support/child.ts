import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestEnd } from './on-test-end.js';

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
