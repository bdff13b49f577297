import { expect, test } from '@jest/globals';
import { ApiError, createClient } from '../../src/client/index.js';
import { json, ScriptedServer } from '../support/servers.js';
import { eventually } from '../support/waiting.js';

const asked = ({ asked }: ScriptedServer, path: string): number =>
  asked.filter((request) => request.startsWith(`GET /api/queue${path}`)).length;

/** A server whose tasks are busy and say when to come back; its numbers are always there. */
async function busyServer(headers: Record<string, string>) {
  const busy = json(503, { error_code: 'STORAGE_BUSY', detail: 'The storage is busy' }, headers);
  const server = await ScriptedServer.start((req, res) =>
    (req.url?.endsWith('/stats') ? json(200, { total_tasks: 5 }) : busy)(req, res),
  );
  return { server, client: createClient({ url: server.url, retries: 0 }) };
}

test.each(['3000000', '99999999999999999999', 'Fri, 31 Dec 2100 23:59:59 GMT'])(
  'a wait that is told to come back after %s does not ask again and again',
  async (retryAfter) => {
    const { server, client } = await busyServer({ 'Retry-After': retryAfter });
    const ending = new AbortController();
    const waits = [1, 2, 3, 4].map((id) => client.waitFor(id, { signal: ending.signal }));
    await eventually(() => asked(server, '/changes') > 0);
    // As many turns as it takes others to be answered: a timer that overflows would have fired many times.
    for (let n = 0; n < 50; n++) await client.stats();
    // Three ask for themselves, and one by way of the change feed.
    expect(asked(server, '/tasks/')).toBe(3);
    expect(asked(server, '/changes')).toBe(1);
    ending.abort(new Error('enough'));
    for (const wait of waits) await expect(wait).rejects.toThrow('enough');
  },
);

test.each([
  [{ 'Retry-After': '7' }, 7],
  [{ 'Retry-After': 'Wed, 05 Nov 2025 12:02:00 GMT', Date: 'Wed, 05 Nov 2025 12:00:00 GMT' }, 120],
  [{ 'Retry-After': 'Wed, 05 Nov 2025 11:00:00 GMT', Date: 'Wed, 05 Nov 2025 12:00:00 GMT' }, 0],
  [{ 'Retry-After': '99999999999999999999' }, 365 * 86_400],
  [{ 'Retry-After': 'soon' }, null],
  [{ 'Retry-After': '-5' }, null],
  [{}, null],
])('%j is advice of %p seconds', async (headers, seconds) => {
  const { client } = await busyServer(headers as Record<string, string>);
  const error = await client.get(1).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(ApiError);
  expect((error as ApiError).retryAfterSeconds).toBe(seconds);
});

test.each([
  [{ ur: 'http://127.0.0.1' }, 'createClient: "ur" is not an option; the options are url, key, headers'],
  [{ requestTimeout: Number.NaN }, 'createClient: requestTimeout must be a number of 1 or more, not NaN'],
  [{ requestTimeout: 0 }, 'createClient: requestTimeout must be a number of 1 or more, not 0'],
  [{ retries: -1 }, 'createClient: retries must be a number of 0 or more, not -1'],
  ['http://127.0.0.1', 'createClient takes an object of options'],
])('the options %j are refused', (options, message) => {
  expect(() => createClient(options as never)).toThrow(TypeError);
  expect(() => createClient(options as never)).toThrow(message);
});
