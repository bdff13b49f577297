import { expect, test } from '@jest/globals';
import { api } from '../support/api.js';
import { poll } from '../support/poll-cases.js';
import { normalised, rawExchange } from '../support/raw-exchange.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp({ pollsPerMinute: 2 });

/** What a road sends back, with all of the allowance there, and without what the clock alone makes different. */
async function answersOf(port: number, pieces: string[]): Promise<string> {
  app().clock.advance(60_000);
  return normalised(await rawExchange(port, pieces)).replace(/"timestamp":"[^"]*"/g, '"timestamp":""');
}

test('what is left is told, and a poll too many refused, alike on each road', async () => {
  const id = await api.enqueue(app());
  await app().http.post(`/api/queue/tasks/${id}/cancel`);
  const lean = Number(new URL(await app().app.start({ port: 0 })).port);
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
  expect(await answersOf(lean, [one, one, one])).toBe(byExpress);
  // A request in two pieces is read by node's http server.
  expect(await answersOf(lean, [one.slice(0, 9), one.slice(9), one, one])).toBe(byExpress);
});
