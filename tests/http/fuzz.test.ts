import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { assertWellFormed, FuzzClient, type FuzzReply } from '../support/fuzz/fuzz-client.js';
import { endpoints, type FuzzRequest, requests } from '../support/fuzz/requests.js';
import { startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** How many requests; the whole is 20,000. */
const REQUESTS = Number(process.env.SPOOLITE_FUZZ_REQUESTS ?? 2_000);
/** That of a run which failed, to have it again. */
const SEED = process.env.SPOOLITE_FUZZ_SEED;
/** Sent at once. */
const BATCH = 10;
/** Times that so many requests are sent, until all that a fuzz must reach was reached. */
const MOST_ROUNDS = 10;

/** A fuzz of which nothing is understood, or nothing refused, would find nothing. */
const STATUSES = [200, 201, 404, 409, 415, 422];
const STATES = ['processing_tasks', 'failed_tasks'];

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

/** What the requests of a fuzz have brought about at one time or another. */
class Reached {
  readonly #seen = new Set<number | string>();

  /** What they have not, so far. */
  get missing(): (number | string)[] {
    return [...STATUSES, ...STATES].filter((one) => !this.#seen.has(one));
  }

  /** Looks at the states of tasks only as long as one was not seen. */
  async note(replies: readonly FuzzReply[], client: Client): Promise<void> {
    for (const { status } of replies) this.#seen.add(status);
    if (STATES.every((state) => this.#seen.has(state))) return;
    const stats = await client.stats();
    for (const state of STATES) if (stats[state] > 0) this.#seen.add(state);
  }
}

/** Brings a task into each state, whatever the requests have left. */
async function reachEveryState(client: Client): Promise<void> {
  const type = 'in-every-state';
  await client.enqueueMany(Array.from({ length: 4 }, () => ({ type })));
  const claims = { types: [type], lease_seconds: 600 };
  const [completed, failed] = await client.claim({ ...claims, limit: 3 });
  const tell = async ({ task_id, lease_token }: typeof failed, action: string, fields: object) => {
    const path = `/queue/tasks/${task_id}/${action}`;
    expect((await client.post(path, { lease_token, ...fields })).status).toBe(200);
  };
  await tell(completed, 'complete', { result: 1 });
  await tell(failed, 'fail', { error_message: 'no luck', retry: false });
  const { queued_tasks, processing_tasks, completed_tasks, failed_tasks } = await client.stats();
  for (const count of [queued_tasks, processing_tasks, completed_tasks, failed_tasks])
    expect(count).toBeGreaterThan(0);
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
  const stored = () => database.prepare(COUNTS).get() as object;
  // Leases that the requests took end when they end: what counts is what is said while nothing changes.
  const { said, counts } = await eventually(async () => {
    const before = stored();
    const said = await client.stats();
    const counts = stored();
    return isDeepStrictEqual(before, counts) && { said, counts };
  });
  expect(said).toMatchObject(counts);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  const ids = database.prepare('select id from tasks order by id desc limit 1000').pluck().all();
  database.close();
  expect((await client.list('?limit=1000')).map(({ task_id }) => task_id)).toEqual(ids);
  expect((await client.get('/ready')).status).toBe(200);
}

test('no request whatever makes it fail, hang or answer anything unheard of', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file, '--log-level', 'warn');
  const client = new Client(url);
  await client.enqueueMany(Array.from({ length: 500 }, () => ({ type: 'mail' })));
  const fuzzer = new FuzzClient(url);
  onTestEnd(() => fuzzer.close());
  const reached = new Reached();

  const batches = fc.array(requests(await endpoints()), { minLength: BATCH, maxLength: BATCH });
  const property = fc.asyncProperty(batches, async (batch) => {
    await reached.note(await Promise.all(batch.map((request) => sendAndCheck(fuzzer, request))), client);
  });
  const numRuns = Math.ceil(REQUESTS / BATCH);
  try {
    await fc.assert(property, { numRuns, ...(SEED && { seed: Number(SEED) }) });
    // What is likely in so many requests is certain only in more.
    for (let round = 1; round < MOST_ROUNDS && reached.missing.length > 0; round++)
      await fc.assert(property, { numRuns });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${message}\n${cause}\nThe server said:\n${program.output.slice(-5_000)}`);
  }

  expect(reached.missing).toEqual([]);
  await reachEveryState(client);
  await expectSound(client, file);
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
}, 600_000);
