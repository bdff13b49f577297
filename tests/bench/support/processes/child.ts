import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Call, ChildFunctions } from './child-functions.js';

/** The child's functions as its parent sees them. */
export type Remote<Functions extends ChildFunctions> = {
  [Name in keyof Functions]: (
    ...args: Parameters<Functions[Name]>
  ) => Promise<Awaited<ReturnType<Functions[Name]>>>;
};

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
}

export interface ChildOptions {
  quiet?: boolean;
  /** Such as `--cpu-prof`. */
  nodeFlags?: readonly string[];
  /** Another program than this Node.js that runs the module; it is spoken to in JSON. */
  runtime?: string | undefined;
}

/** A process of its own for one part of a measurement, so that no part takes another's time. */
export class Child<Functions extends ChildFunctions> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  readonly call: Remote<Functions>;

  /** A quiet child's standard error is thrown away: a server logs every request there. */
  constructor(entry: URL, { quiet = false, nodeFlags = [], runtime }: ChildOptions = {}) {
    this.#process = fork(entry, {
      execArgv: [...nodeFlags],
      ...(runtime && { execPath: runtime }),
      serialization: runtime ? 'json' : 'advanced',
      stdio: ['ignore', 'inherit', quiet ? 'ignore' : 'inherit', 'ipc'],
    });
    this.#process.on('message', (answer: Answer) => this.#settle(answer));
    this.#process.on('exit', (code, signal) =>
      this.#fail(new Error(`${entry.pathname} ended: ${code ?? signal}`)),
    );
    this.call = new Proxy({} as Remote<Functions>, {
      get:
        (_, name: string) =>
        (...args: unknown[]) =>
          this.#call(name, args),
    });
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** Lets go of the child, which then ends by itself. */
  async end(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    if (this.#process.connected) this.#process.disconnect();
    await exited;
  }

  #call(name: string, args: unknown[]): Promise<never> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, name, args } satisfies Call, (error) => error && this.#fail(error));
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.result as never);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Runs `cleanUp` when the process ends before it was called off. Returns the function that calls it off. */
export function onExit(cleanUp: () => void): () => void {
  process.once('exit', cleanUp);
  return () => process.off('exit', cleanUp);
}
