import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type App, createApp } from '../../src/index.js';
import { api } from './api.js';
import { PollingServer } from './polling-server.js';
import { normalised, rawExchange } from './raw-exchange.js';
import { TestApp } from './test-app.js';
import { testCertificate } from './test-certificate.js';

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
  await api.tell(app, 'heartbeat', await claimOne(3), { progress: 40, progress_message: 'übersetzt' });
  await api.tell(app, 'complete', await claimOne(4), { result: { 日本: 'ß' } });
  await api.tell(app, 'fail', await claimOne(5), { error_message: '“no”', retry: false });
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
  return parts.join('');
}

/** The same tasks served on the roads on which a poll may be answered, in this process. */
export class PollRoads {
  readonly #app = new TestApp();
  #node: PollingServer | undefined;
  /** Requests that node's http server has read, by the port that they came to. */
  readonly #readByNode = new Map<number, number>();
  #secure: App | undefined;
  #ca: Buffer | undefined;
  /** The ports: Express alone; the listener on node's http server; the whole server, as `start()` gives it; that over TLS. */
  ports = { express: 0, node: 0, lean: 0, secure: 0 };

  async open(): Promise<void> {
    await this.#app.listen();
    await enqueueAll(this.#app);
    this.#node = await PollingServer.open({ file: this.#app.file, clock: this.#app.clock });
    const lean = portOf(await this.#app.app.start({ port: 0 }));
    const { ca, ...tls } = testCertificate(dirname(this.#app.file));
    this.#ca = ca;
    this.#secure = createApp({ database: this.#app.file, clock: this.#app.clock, tls });
    const secure = portOf(await this.#secure.start({ port: 0 }));
    this.ports = { express: this.#app.port, node: portOf(this.#node.url), lean, secure };
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

  /** What each road sends back for the pieces. */
  async exchange(
    pieces: readonly string[],
    next?: 'once answered',
  ): Promise<{ express: string; node: string; lean: string; secure: string }> {
    const of = async (port: number, ca?: Buffer) => normalised(await rawExchange(port, pieces, next, ca));
    const [express, node, lean, secure] = await Promise.all([
      of(this.ports.express),
      of(this.ports.node),
      of(this.ports.lean),
      of(this.ports.secure, this.#ca),
    ]);
    return { express, node, lean, secure: withoutStrictTransport(secure) };
  }

  readonly #count = (message: unknown): void => {
    const port = (message as { request: IncomingMessage }).request.socket.localPort as number;
    this.#readByNode.set(port, this.readByNode(port) + 1);
  };
}

/** Opens them once for the whole file. */
export function usePollRoads(): PollRoads {
  const roads = new PollRoads();
  beforeAll(() => roads.open());
  afterAll(() => roads.close());
  return roads;
}
