import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { assertWellFormed, FuzzClient, type FuzzReply } from '../support/fuzz/fuzz-client.js';
import { endpoints, type FuzzRequest, requests } from '../support/fuzz/requests.js';
import { startServer } from '../support/program.js';

/** How many requests; the whole is 20,000. */
const REQUESTS = Number(process.env.SPOOLITE_FUZZ_REQUESTS ?? 2_000);
/** That of a run which failed, to have it again. */
const SEED = process.env.SPOOLITE_FUZZ_SEED;
/** Sent at once. */
const BATCH = 10;

const COUNTS = `
  select count(*) as total_tasks,
    coalesce(sum(status = 'queued'), 0) as queued_tasks,
    coalesce(sum(status = 'processing'), 0) as processing_tasks,
    coalesce(sum(status = 'completed'), 0) as completed_tasks,
    coalesce(sum(status = 'failed'), 0) as failed_tasks
  from tasks`;

async function sendAndCheck(fuzzer: FuzzClient, request: FuzzRequest): Promise<FuzzReply> {
  try {
    const reply = await fuzzer.send(request);
    assertWellFormed(request.method, reply);
    return reply;
  } catch (error) {
    const { method, path, headers, body } = request;
    const sent = `${method} ${path} ${JSON.stringify(headers)} ${body?.toString().slice(0, 2_000)}`;
    throw new Error(`${(error as Error).message}\nIn answer to ${sent}`);
  }
}

/** Asserts that the server goes on as if nothing had happened, and that what it says is what is stored. */
async function expectSound(client: Client, file: string): Promise<void> {
  const id = await client.enqueue('after-the-fuzz', { payload: { a: 1 } });
  expect(await client.task(id)).toMatchObject({
    type: 'after-the-fuzz',
    status: 'queued',
    payload: { a: 1 },
  });
  const database = new Database(file, { readonly: true });
  const stats = await client.stats();
  expect(stats).toMatchObject(database.prepare(COUNTS).get() as object);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  const stored = database.prepare('select id from tasks order by id desc limit 1000').pluck().all();
  database.close();
  expect((await client.list('?limit=1000')).map(({ task_id }) => task_id)).toEqual(stored);
  expect((await client.get('/ready')).status).toBe(200);
}

test('no request whatever makes it fail, hang or answer anything unheard of', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file, '--log-level', 'warn');
  const client = new Client(url);
  await client.enqueueMany(Array.from({ length: 500 }, () => ({ type: 'mail' })));
  const fuzzer = new FuzzClient(url);
  onTestEnd(() => fuzzer.close());
  const statuses = new Map<number, number>();

  const batches = fc.array(requests(await endpoints()), { minLength: BATCH, maxLength: BATCH });
  const property = fc.asyncProperty(batches, async (batch) => {
    for (const { status } of await Promise.all(batch.map((request) => sendAndCheck(fuzzer, request)))) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  try {
    await fc.assert(property, {
      numRuns: Math.ceil(REQUESTS / BATCH),
      ...(SEED && { seed: Number(SEED) }),
    });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${message}\n${cause}\nThe server said:\n${program.output.slice(-5_000)}`);
  }

  // A fuzz of which nothing is understood, or nothing refused, would find nothing.
  for (const status of [200, 201, 404, 409, 415, 422]) expect(statuses.get(status)).toBeGreaterThan(0);
  const { processing_tasks, failed_tasks } = await client.stats();
  for (const count of [processing_tasks, failed_tasks]) expect(count).toBeGreaterThan(0);
  await expectSound(client, file);
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
}, 600_000);
