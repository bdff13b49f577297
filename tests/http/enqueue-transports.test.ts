import { type IncomingHttpHeaders, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createApp, ManualClock } from '../../src/index.js';
import { ENQUEUE_CASES, type EnqueueCase } from '../support/request-cases.js';
import { TestApp } from '../support/test-app.js';

const OPTIONS = { bodyLimit: 100_000 };

interface Reply {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: unknown;
}

const send = (address: string, { body, headers, path, method, isChunked }: EnqueueCase): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const bytes = body === null ? null : Buffer.from(body);
    const length = bytes === null || isChunked ? {} : { 'Content-Length': bytes.length };
    const req = request(`${address}${path ?? '/api/queue/enqueue'}`, {
      method: method ?? 'POST',
      headers: { 'Content-Type': 'application/json', ...length, ...headers },
      agent: false,
    });
    req.on('error', reject);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () =>
        resolve({
          status: res.statusCode,
          headers: res.headers,
          body: chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : null,
        }),
      );
    });
    if (bytes !== null) req.write(bytes);
    req.end();
  });

/** What may differ from one reply to the next over the same transport. */
function comparable({ status, headers, body }: Reply, isOwnId: boolean): Reply {
  const { date: _, 'x-request-id': id, ...others } = headers;
  const { request_id: __, ...members } = (body ?? {}) as Record<string, unknown>;
  return { status, headers: isOwnId ? { ...others, 'x-request-id': id } : others, body: body && members };
}

let express: TestApp;
let served: ReturnType<typeof createApp>;
let address: string;

beforeAll(async () => {
  express = new TestApp(OPTIONS);
  await express.listen();
  served = createApp({ ...OPTIONS, database: ':memory:', clock: new ManualClock(express.clock.now()) });
  address = await served.start({ port: 0 });
});

afterAll(async () => {
  await express.close();
  await served.stop();
});

test.each(ENQUEUE_CASES)('$what: the same answer with Express and ahead of it', async (asked) => {
  const isOwnId = asked.headers?.['X-Request-Id'] !== undefined;
  const [byExpress, ahead] = [
    await send(`http://127.0.0.1:${express.port}`, asked),
    await send(address, asked),
  ];
  expect(comparable(ahead, isOwnId)).toEqual(comparable(byExpress, isOwnId));
  expect(ahead.headers['x-request-id']).toMatch(/^\S+$/);
});

test('what was stored is the same', async () => {
  const listed = async (base: string) => (await fetch(`${base}/api/queue/tasks?limit=1000`)).json();
  expect(await listed(address)).toEqual(await listed(`http://127.0.0.1:${express.port}`));
});
