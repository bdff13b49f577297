import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { type Program, startServer, startWorker } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const TASKS = 20;
const LEASE_SECONDS = 5;
/** What taking back and claiming may take beyond the lease. */
const MARGIN_SECONDS = 2;

const start = (file: string, id: string): Promise<Program> =>
  startWorker(file, [
    ...['--worker-id', id, '--concurrency', String(TASKS)],
    ...['--lease-seconds', String(LEASE_SECONDS)],
  ]);

const heldBy = async (client: Client, workerId: string) =>
  (await client.list('?status=processing')).filter(({ locked_by }) => locked_by === workerId);

test('what a killed worker held runs elsewhere within the lease and two seconds', async () => {
  const folder = scratchFolder();
  const file = join(folder, 'queue.db');
  const { url } = await startServer(file);
  const client = new Client(url);
  const first = await start(file, 'first');
  const payload = { until: join(folder, 'never') };
  const ids = await client.enqueueMany(Array.from({ length: TASKS }, () => ({ type: 'wait', payload })));
  await eventually(async () => (await heldBy(client, 'first')).length === TASKS);
  await start(file, 'second');

  await first.kill();

  const deadlineMs = (LEASE_SECONDS + MARGIN_SECONDS) * 1000;
  await eventually(async () => (await heldBy(client, 'second')).length === TASKS, deadlineMs);
  const taken = await heldBy(client, 'second');
  expect(taken.map(({ task_id }) => task_id).sort((a, b) => a - b)).toEqual(ids);
  for (const { attempts } of taken) expect(attempts).toBe(2);
  const { body: log } = await client.get(`/queue/tasks/${ids[0]}/logs`);
  expect(log.map(({ message }: { message: string }) => message)).toEqual([
    'Claimed by first',
    'Lease expired: worker first stopped responding',
    'Claimed by second',
  ]);
});
