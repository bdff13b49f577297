import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { onExit } from '../on-exit.js';

const PAUSE_MS = 50;
const START_MS = 30_000;
const STOP_MS = 5_000;

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server of a peer, started and ended by the bench. */
export class ServerProgram {
  readonly #process: ChildProcess;
  readonly #name: string;
  #output = '';

  constructor(program: string, args: string[], options: SpawnOptions = {}) {
    this.#name = program;
    this.#process = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (text) => (this.#output = `${this.#output}${text}`.slice(-2000)));
    // What ends by itself is noticed by whoever waits for it.
    this.#process.on('error', (error) => (this.#output += error.message));
    // Not left running when the bench ends early.
    this.#process.once(
      'exit',
      onExit(() => this.#process.kill('SIGKILL')),
    );
  }

  /** Resolves when `isReady` does not throw any more. */
  async untilReady(isReady: () => Promise<unknown> | unknown): Promise<void> {
    for (const deadline = performance.now() + START_MS; ; await delay(PAUSE_MS)) {
      try {
        await isReady();
        return;
      } catch (error) {
        const hasEnded = this.#process.exitCode !== null || this.#process.pid === undefined;
        if (hasEnded || performance.now() > deadline)
          throw new Error(`${this.#name} did not start: ${this.#output}`, { cause: error });
      }
    }
  }

  /** Ends it; one that does not end in time is killed: what it has stored is thrown away anyway. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    this.#process.kill(signal);
    await exited;
    clearTimeout(impatience);
  }
}

/** Throws while nobody listens. */
export async function connectOnce(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
