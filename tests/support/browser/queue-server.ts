import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestEnd, scratchFolder } from '../cleanup.js';
import { Client } from '../client.js';
import { startServer } from '../program.js';

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

/** Stands between browser and server, and counts what passes. */
export class CountingProxy {
  /** Paths of all requests, without their queries. */
  readonly paths: string[] = [];
  /** Streams of events that are open now. */
  openStreams = 0;
  /** The most that were open at once. */
  mostStreams = 0;
  url = '';

  async start(target: string): Promise<void> {
    const server = createServer((req, res) => {
      const path = (req.url ?? '').replace(/\?.*/, '');
      this.paths.push(path);
      if (path.endsWith('/events')) this.#count(() => res.once('close', () => this.openStreams--));
      const { method, headers, url } = req;
      const onward = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      onward.on('error', () => res.destroy());
      res.on('close', () => onward.destroy());
      req.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestEnd(() => {
      server.closeAllConnections();
      server.close();
    });
  }

  #count(whenClosed: () => void): void {
    this.openStreams++;
    this.mostStreams = Math.max(this.mostStreams, this.openStreams);
    whenClosed();
  }
}
