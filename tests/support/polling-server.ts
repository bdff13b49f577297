import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { silentLogger } from '../../src/app/logger.js';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { DEFAULTS } from '../../src/config/options.js';
import { createHttp } from '../../src/http/create-http.js';
import { type App, type Clock, createApp, systemClock } from '../../src/index.js';
import type { Storage } from '../../src/repositories/storage.js';
import { onTestEnd, scratchFolder } from './cleanup.js';
import { conforming } from './conformance.js';
import { normalised, rawExchange } from './http-clients.js';
import { testCertificate } from './processes.js';
import { api, TestApp } from './test-app.js';

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
      settings: DEFAULTS,
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

/** How often each method of an object was called. */
export type Calls = Record<string, number>;

/** The object itself, with every call of its methods counted. Its methods answer after `then` has. */
export function counted<T extends object>(
  target: T,
  calls: Calls,
  then: (method: string) => Promise<unknown> = async () => undefined,
): T {
  return new Proxy(target, {
    get(object, name) {
      const member = Reflect.get(object, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1;
        const answer = await member.apply(object, args);
        await then(String(name));
        return answer;
      };
    },
  });
}

const portOf = (url: string): number => Number(new URL(url).port);

/** The ids of the tasks that there are to poll: one for whatever a poll may find. */
export const TASKS = { queued: 1, scheduled: 2, processing: 3, completed: 4, failed: 5, large: 6 };

async function enqueueAll(app: TestApp): Promise<void> {
  const claimOne = async (id: number) => {
    const [task] = await api.claim(app, { types: [`t${id}`] });
    return task;
  };
  await api.enqueue(app);
  await api.enqueue(app, { run_after_utc: '2030-01-01T00:00:00Z' });
  for (const id of [3, 4, 5])
    await api.enqueue(app, { type: `t${id}`, payload: { 'naïve 😀': ' ü\u2028"\\' } });
  await api.enqueue(app, { payload: { text: 'a😀é'.repeat(50_000) } });
  await api.report(app, 'heartbeat', await claimOne(3), { progress: 40, progress_message: 'übersetzt' });
  await api.report(app, 'complete', await claimOne(4), { result: { 日本: 'ß' } });
  await api.report(app, 'fail', await claimOne(5), { error_message: '“no”', retry: false });
}

/** What only answers over TLS have. */
const STRICT_TRANSPORT = 'Strict-Transport-Security: max-age=31536000\r\n';

/** The replies without it; throws unless every answer of ours had it. */
function withoutStrictTransport(replies: string): string {
  const parts = replies.split(STRICT_TRANSPORT);
  const ours = replies.split('\r\nX-Request-Id: ').length;
  // Two hosts are refused before a request has an id.
  const refused = replies.split(`400 Bad Request\r\n${STRICT_TRANSPORT}`).length - 1;
  if (parts.length !== ours + refused) throw new Error(`Not each answer has the header:\n${replies}`);
  // What leads back to the server itself says so as well.
  return parts.join('').replaceAll('https://localhost', 'http://localhost');
}

/** The same tasks served over each transport, in this process. */
export class RequestPaths {
  readonly #app = new TestApp();
  #node: PollingServer | undefined;
  /** Requests that node's http server has read, by the port that they came to. */
  readonly #readByNode = new Map<number, number>();
  #secure: App | undefined;
  #ca: Buffer | undefined;
  /** The ports: Express alone; the listener on node's http server; the whole server, as `start()` gives it; that over TLS. */
  ports = { express: 0, node: 0, raw: 0, secure: 0 };

  async open(): Promise<void> {
    await this.#app.listen();
    await enqueueAll(this.#app);
    this.#node = await PollingServer.open({ file: this.#app.file, clock: this.#app.clock });
    const raw = portOf(await this.#app.app.start({ port: 0 }));
    const { ca, ...tls } = testCertificate(dirname(this.#app.file));
    this.#ca = ca;
    this.#secure = createApp({ database: this.#app.file, clock: this.#app.clock, tls });
    const secure = portOf(await this.#secure.start({ port: 0 }));
    this.ports = { express: this.#app.port, node: portOf(this.#node.url), raw, secure };
    subscribe('http.server.request.start', this.#count);
  }

  async close(): Promise<void> {
    unsubscribe('http.server.request.start', this.#count);
    await this.#secure?.stop();
    await this.#node?.close();
    await this.#app.close();
  }

  readByNode(port: number): number {
    return this.#readByNode.get(port) ?? 0;
  }

  /** The task's tag at present. */
  async tagOf(id: number): Promise<string> {
    return (await this.#app.http.get(`/api/queue/tasks/${id}`)).headers.etag as string;
  }

  /** What each transport sends back for the pieces. */
  async exchange(
    pieces: readonly string[],
    next?: 'once answered',
  ): Promise<{ express: string; node: string; raw: string; secure: string }> {
    const of = async (port: number, ca?: Buffer) => normalised(await rawExchange(port, pieces, next, ca));
    const [express, node, raw, secure] = await Promise.all([
      of(this.ports.express),
      of(this.ports.node),
      of(this.ports.raw),
      of(this.ports.secure, this.#ca),
    ]);
    return { express, node, raw, secure: withoutStrictTransport(secure) };
  }

  readonly #count = (message: unknown): void => {
    const port = (message as { request: IncomingMessage }).request.socket.localPort as number;
    this.#readByNode.set(port, this.readByNode(port) + 1);
  };
}

/** Opens them once for the whole file. */
export function useRequestPaths(): RequestPaths {
  const transports = new RequestPaths();
  beforeAll(() => transports.open());
  afterAll(() => transports.close());
  return transports;
}
