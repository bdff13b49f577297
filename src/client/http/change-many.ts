import type { BulkAction, BulkOptions, BulkPreview, ReasonCounts } from '../bulk.js';
import { bulkFilterBody } from './bulk-filter.js';
import type { Connection } from './connection.js';

interface Outcome {
  matched: number | null;
  failure_reasons: ReasonCounts | null;
  cancelled_left_out: number | null;
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

/** What matches. */
export async function previewMany(
  connection: Connection,
  action: BulkAction,
  filter: object,
  signal?: AbortSignal,
): Promise<BulkPreview> {
  const body = { filter: bulkFilterBody(filter) };
  const found = await send(connection, action, body, signal);
  return {
    matched: found.matched as number,
    byReason: found.failure_reasons,
    cancelledLeftOut: found.cancelled_left_out as number,
  };
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
