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

export interface FanOut {
  /** Milliseconds of the slowest poll while the batch went out. */
  slowestPoll: number;
  /** Milliseconds from the batch's answer until every stream had all of it. */
  toldAll: number;
}

/** Clients that follow all changes. */
const functions = {
  async open(address: string, count: number): Promise<void> {
    streams = await Promise.all(Array.from({ length: count }, () => send(`${address}/api/queue/events`)));
    for (const stream of streams) stream.setEncoding('utf8').resume();
  },
  /** Enqueues a batch; polls all the while on a connection of its own. */
  async batch(address: string, count: number): Promise<FanOut> {
    const body = JSON.stringify({ tasks: new Array(count).fill({ type: 'mail' }) });
    const { tasks } = JSON.parse(
      await answer(await send(`${address}/api/queue/enqueue/batch`, 'POST', body)),
    );
    const last = tasks.at(-1).task_id as number;
    const begun = machineNow();
    let isOver = false;
    const told = Promise.all(streams.map((stream) => toldOf(stream, last))).then(() => {
      isOver = true;
      return machineNow() - begun;
    });
    let slowestPoll = 0;
    while (!isOver) {
      const asked = machineNow();
      await answer(await send(`${address}/api/queue/tasks/${last}`));
      slowestPoll = Math.max(slowestPoll, machineNow() - asked);
    }
    return { slowestPoll, toldAll: await told };
  },
  close(): void {
    for (const stream of streams) stream.destroy();
    streams = [];
  },
};
export type StreamsFunctions = typeof functions;

exposeToParent(functions);
