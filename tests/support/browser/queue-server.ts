import { join } from 'node:path';
import { Client } from '../client.js';
import { startServer } from '../program.js';
import { scratchFolder } from '../scratch-folder.js';

/** A server on a file of its own, as a process that a test can end and start again at the same address. */
export class QueueServer {
  readonly database = join(scratchFolder(), 'queue.db');
  readonly #args: readonly string[];
  #program: Awaited<ReturnType<typeof startServer>>['program'] | undefined;
  url = '';
  client = new Client('');

  constructor(args: readonly string[] = []) {
    this.#args = args;
  }

  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const { program, url } = await startServer(this.database, '--port', port, ...this.#args);
    this.#program = program;
    this.url = url;
    this.client = new Client(url);
  }

  /** The paths and statuses of what it has answered, as its log has them; for one that logs JSON. */
  get answered(): { method: string; path: string; status: number }[] {
    const lines = this.#program?.output.split('\n').filter((line) => line.startsWith('{')) ?? [];
    return lines.map((line) => JSON.parse(line)).filter(({ path }) => path !== undefined);
  }

  /** Ends it without a chance to do anything. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }
}

/** A server that runs, with these options. */
export async function startQueueServer(...args: string[]): Promise<QueueServer> {
  const server = new QueueServer(args);
  await server.start();
  return server;
}
