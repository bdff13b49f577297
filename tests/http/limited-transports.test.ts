import { expect, test } from '@jest/globals';
import { normalised, rawExchange } from '../support/http-clients.js';
import { poll } from '../support/request-cases.js';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp({ pollsPerMinute: 2, trustProxy: ['loopback'] });

/** What a transport sends back, with all of the allowance there, and without what the clock alone makes different. */
async function answersOf(port: number, pieces: string[]): Promise<string> {
  app().clock.advance(60_000);
  return normalised(await rawExchange(port, pieces)).replace(/"timestamp":"[^"]*"/g, '"timestamp":""');
}

/** The task that is polled, and the port of the server whose connections begin on the raw transport. */
async function setUp() {
  const id = await api.enqueue(app());
  await app().http.post(`/api/queue/tasks/${id}/cancel`);
  return { id, raw: Number(new URL(await app().app.start({ port: 0 })).port) };
}

test('what is left is told, and a poll too many refused, alike on each transport', async () => {
  const { id, raw } = await setUp();
  const one = poll(id, 'X-Request-Id: mine');
  const byExpress = await answersOf(app().port, [one, one, one]);
  expect(byExpress.match(/HTTP\/1\.1 \d+|^RateLimit: .*$|^Retry-After: .*$/gm)).toEqual([
    'HTTP/1.1 200',
    'RateLimit: "polls";r=1;t=30',
    'HTTP/1.1 200',
    'RateLimit: "polls";r=0;t=60',
    'HTTP/1.1 429',
    'RateLimit: "polls";r=0;t=60',
    'Retry-After: 30',
    // The goodbye.
    'HTTP/1.1 404',
  ]);
  expect(await answersOf(raw, [one, one, one])).toBe(byExpress);
  // A request in two pieces is read by node's http server.
  expect(await answersOf(raw, [one.slice(0, 9), one.slice(9), one, one])).toBe(byExpress);
});

test('whom a trusted proxy asks for is told apart alike on each transport', async () => {
  const { id, raw } = await setUp();
  const from = (hops: string) => poll(id, 'X-Request-Id: mine', `X-Forwarded-For: ${hops}`);
  const polls = [
    from('1.1.1.1'),
    from('1.1.1.1'),
    from('6.6.6.6, 1.1.1.1'),
    from('2.2.2.2'),
    from('nonsense'),
  ];
  const byExpress = await answersOf(app().port, polls);
  const statuses = byExpress.match(/(?<=HTTP\/1\.1 )\d+/g);
  expect(statuses).toEqual(['200', '200', '429', '200', '200', '404']);
  expect(await answersOf(raw, polls)).toBe(byExpress);
});
