import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { machineNow } from '../contenders/handled.js';
import { exposeToParent } from './child-functions.js';

/** More than the count in an event that may be cut in two. */
const TAIL = 64;

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY, keepAlive: true });

const send = async (url: string, method = 'GET', body = ''): Promise<IncomingMessage> => {
  const sent = request(url, { agent, method, headers: body ? { 'Content-Type': 'application/json' } : {} });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
};

async function answer(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}

/** Resolves when the stream has told of this task. */
const toldOf = (stream: IncomingMessage, id: number): Promise<void> =>
  new Promise((resolve) => {
    let tail = '';
    const read = (piece: string) => {
      const text = tail + piece;
      tail = text.slice(-TAIL);
      if (!text.includes(`{"task_id":${id},`)) return;
      stream.off('data', read);
      resolve();
    };
    stream.on('data', read);
  });

let streams: IncomingMessage[] = [];

let polling: Promise<number> | undefined;
let isPolling = false;

/** Polls without a pause; resolves to the milliseconds of the slowest once that is over. */
async function slowestPoll(address: string): Promise<number> {
  let slowest = 0;
  while (isPolling) {
    const asked = machineNow();
    await answer(await send(`${address}/api/queue/tasks/1`));
    slowest = Math.max(slowest, machineNow() - asked);
  }
  return slowest;
}

/** Clients that follow all changes, or poll meanwhile. */
const functions = {
  async open(address: string, count: number): Promise<void> {
    streams = await Promise.all(Array.from({ length: count }, () => send(`${address}/api/queue/events`)));
    for (const stream of streams) stream.setEncoding('utf8').resume();
  },
  /** Enqueues a batch; resolves to the milliseconds from its answer until every stream has told all of it. */
  async batch(address: string, count: number): Promise<number> {
    const body = JSON.stringify({ tasks: new Array(count).fill({ type: 'mail' }) });
    const response = await send(`${address}/api/queue/enqueue/batch`, 'POST', body);
    const { tasks } = JSON.parse(await answer(response));
    const begun = machineNow();
    await Promise.all(streams.map((stream) => toldOf(stream, tasks.at(-1).task_id)));
    return machineNow() - begun;
  },
  startPolling(address: string): void {
    isPolling = true;
    polling = slowestPoll(address);
  },
  /** Milliseconds of the slowest poll since it began. */
  async stopPolling(): Promise<number> {
    isPolling = false;
    return (await polling) ?? 0;
  },
  close(): void {
    for (const stream of streams) stream.destroy();
    streams = [];
  },
};
export type StreamsFunctions = typeof functions;

exposeToParent(functions);
