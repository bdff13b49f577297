import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHttp } from '../../src/http/create-http.js';
import { type Clock, systemClock } from '../../src/index.js';
import { silentLogger } from '../../src/logger.js';
import { openSqliteStorage } from '../../src/repositories/sqlite/open-sqlite-storage.js';
import type { Storage } from '../../src/repositories/storage.js';
import { conforming } from '../support/conformance/conforming.js';
import { type Calls, counted } from './counted.js';
import { onTestEnd } from './on-test-end.js';
import { scratchFolder } from './scratch-folder.js';

interface Options {
  /** The database file; a new one unless given. */
  file?: string;
  clock?: Clock;
}

/** A server whose waits a test can see: how often its repositories are asked, and whether it listens for commits. */
export class PollingServer {
  readonly file: string;
  readonly storage: Storage;
  readonly calls = { tasks: {} as Calls, changes: {} as Calls, leases: {} as Calls, stats: {} as Calls };
  /** Those who want to hear of commits. */
  listeners = 0;
  /** Runs after a repository has read something, and before whoever asked gets it. */
  afterRead: (method: string) => Promise<unknown> = async () => undefined;
  readonly #server: Server;
  readonly #stopping = new AbortController();

  constructor({ file = join(scratchFolder(), 'queue.db'), clock = systemClock }: Options = {}) {
    this.file = file;
    this.storage = openSqliteStorage({ file, durability: 'full', clock, random: Math.random });
    const { repositories } = this.storage;
    const then = (method: string) => this.afterRead(method);
    const { listener } = createHttp({
      repositories: {
        ...repositories,
        tasks: counted(repositories.tasks, this.calls.tasks, then),
        changes: counted(repositories.changes, this.calls.changes, then),
        leases: counted(repositories.leases, this.calls.leases),
        stats: counted(repositories.stats, this.calls.stats),
      },
      onCommit: (tell) => this.#onCommit(tell),
      readiness: () => this.storage.check(),
      stopping: this.#stopping.signal,
      logger: silentLogger,
      version: 'test',
      limits: { bodyBytes: 1024 * 1024, batchBodyBytes: 8 * 1024 * 1024 },
      clock,
    });
    this.#server = createServer(conforming(listener));
  }

  /** A server that listens until it is closed. */
  static async open(options?: Options): Promise<PollingServer> {
    const server = new PollingServer(options);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  /** The same, closed when the test ends. */
  static async start(options?: Options): Promise<PollingServer> {
    const server = await PollingServer.open(options);
    onTestEnd(() => server.close());
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a server does first when it is told to stop. */
  beginToStop(): void {
    this.#stopping.abort();
  }

  #onCommit(tell: () => void): () => void {
    const end = this.storage.onCommit(tell);
    this.listeners++;
    return () => {
      this.listeners--;
      end();
    };
  }

  async close(): Promise<void> {
    this.beginToStop();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.storage.close();
  }
}
