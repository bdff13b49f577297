import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll } from '@jest/globals';
import { api } from './api.js';
import { PollingServer } from './polling-server.js';
import { normalised, rawExchange } from './raw-exchange.js';
import { TestApp } from './test-app.js';

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

/** The same tasks served on the three roads on which a poll may be answered, in this process. */
export class PollRoads {
  readonly #app = new TestApp();
  #node: PollingServer | undefined;
  /** Requests that node's http server has read, by the port that they came to. */
  readonly #readByNode = new Map<number, number>();
  /** The ports: Express alone; the listener on node's http server; and the whole server, as `start()` gives it. */
  ports = { express: 0, node: 0, lean: 0 };

  async open(): Promise<void> {
    await this.#app.listen();
    await enqueueAll(this.#app);
    this.#node = await PollingServer.open({ file: this.#app.file, clock: this.#app.clock });
    const lean = portOf(await this.#app.app.start({ port: 0 }));
    this.ports = { express: this.#app.port, node: portOf(this.#node.url), lean };
    subscribe('http.server.request.start', this.#count);
  }

  async close(): Promise<void> {
    unsubscribe('http.server.request.start', this.#count);
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
  ): Promise<{ express: string; node: string; lean: string }> {
    const of = async (port: number) => normalised(await rawExchange(port, pieces, next));
    const [express, node, lean] = [this.ports.express, this.ports.node, this.ports.lean].map(of);
    return { express: await express!, node: await node!, lean: await lean! };
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
