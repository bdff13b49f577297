import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { silentLogger } from '../../src/app/logger.js';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { DEFAULTS } from '../../src/config/options.js';
import type { ConnectionLimits } from '../../src/http/connection-limits.js';
import { createHttp } from '../../src/http/create-http.js';
import { HttpServer } from '../../src/http/http-server.js';
import { systemClock } from '../../src/index.js';
import type { Storage } from '../../src/repositories/storage.js';
import { onTestEnd } from './cleanup.js';
import { newTask, type TaskWishes } from './queue-under-test.js';

/** Patience of a server for tests, which have little of it themselves. */
const IMPATIENT: Partial<ConnectionLimits> = {
  headMs: 800,
  requestMs: 1_200,
  silentMs: 5_000,
  silentStartMs: 800,
  idleMs: 800,
  lookMs: 50,
};

/** The whole API on the server's own sockets, with limits of the test's choice. */
export class GuardedServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'spoolite-guarded-'));
  readonly file = join(this.#folder, 'queue.db');
  url = '';
  port = 0;
  /** Client ports of the connections to servers of this process, as these see them. */
  readonly connections = new Set<number>();
  readonly #stopping = new AbortController();
  readonly #storage: Storage;
  readonly #server: HttpServer;

  constructor(limits: Partial<ConnectionLimits>) {
    const storage = openSqliteStorage({
      file: this.file,
      durability: 'normal',
      clock: systemClock,
      random: Math.random,
    });
    const http = createHttp({
      repositories: storage.repositories,
      onCommit: (tell) => storage.onCommit(tell),
      readiness: () => storage.check(),
      stopping: this.#stopping.signal,
      logger: silentLogger,
      version: 'test',
      settings: DEFAULTS,
      dashboardFolder: new URL('../../dist/dashboard/', import.meta.url),
      clock: systemClock,
    });
    this.#storage = storage;
    this.#server = new HttpServer(http, { onError: (error) => silentLogger.error(error), ...limits });
  }

  /** Enqueues a task past the server, whose limits may be too strict for a client that enqueues. Resolves to its id. */
  async enqueue(task: TaskWishes): Promise<number> {
    return (await this.#storage.repositories.tasks.enqueue(newTask(task))).id;
  }

  async open(): Promise<void> {
    subscribe('net.server.socket', this.#note);
    this.url = await this.#server.listen('127.0.0.1', 0);
    this.port = Number(new URL(this.url).port);
  }

  async close(): Promise<void> {
    unsubscribe('net.server.socket', this.#note);
    this.#stopping.abort();
    await this.#server.close(0);
    await this.#storage.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  readonly #note = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    const port = socket.remotePort as number;
    this.connections.add(port);
    socket.once('close', () => this.connections.delete(port));
  };
}

/** A server that is closed when the test ends. */
export async function startGuardedServer(
  limits: Partial<ConnectionLimits> = IMPATIENT,
): Promise<GuardedServer> {
  const server = new GuardedServer(limits);
  await server.open();
  onTestEnd(() => server.close());
  return server;
}

/** One server for the whole file. `prepare` is called with it before the first test. */
export function useGuardedServer(
  prepare: (server: GuardedServer) => unknown = () => undefined,
): () => GuardedServer {
  let server: GuardedServer;
  beforeAll(async () => {
    server = new GuardedServer(IMPATIENT);
    await server.open();
    await prepare(server);
  });
  afterAll(() => server.close());
  return () => server;
}
