import type { BulkAction, BulkOptions } from '../bulk.js';
import { bulkFilterBody } from './bulk-filter.js';
import type { Connection } from './connection.js';

interface Outcome {
  matched: number | null;
  done: number;
  cursor: string | null;
}

/** One request of a bulk change. */
async function send(
  connection: Connection,
  action: BulkAction,
  body: object,
  signal?: AbortSignal,
): Promise<Outcome> {
  const reply = await connection.request({ method: 'POST', path: `/bulk/${action}`, body, signal });
  return reply.body as Outcome;
}

/** How many tasks match. */
export async function countMany(
  connection: Connection,
  action: BulkAction,
  filter: object,
  signal?: AbortSignal,
): Promise<number> {
  const body = { filter: bulkFilterBody(filter) };
  return (await send(connection, action, body, signal)).matched as number;
}

/** Asks again and again until all is done, as a server answers after some seconds; resolves to how many tasks that were. */
export async function changeMany(
  connection: Connection,
  action: BulkAction,
  filter: object,
  { expected, signal, onProgress }: BulkOptions,
): Promise<number> {
  const body = { filter: bulkFilterBody(filter) };
  let done = 0;
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const outcome = await send(connection, action, { ...body, expected: expected - done, cursor }, signal);
    done += outcome.done;
    ({ cursor } = outcome);
    onProgress?.(done);
  }
  return done;
}
