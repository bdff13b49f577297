import type { Connection, Request } from '../http/connection.js';
import { fromResource } from '../http/from-resource.js';
import { isPassing, patienceMs } from '../http/patience.js';
import { type Reply, retryAfterSecondsOf } from '../http/read-reply.js';
import { pause } from '../pause.js';
import type { Finishing } from './finishing.js';

/** How long the server is asked to hold an answer back: less than what proxies allow. */
const WAIT_SECONDS = 30;

/** Milliseconds before the wait is over from which on an answer without news does not count as early. */
const SLACK_MS = 1_000;

/** Milliseconds before asking again after one early answer: a server that stops lets everybody go. */
const FIRST_PAUSE_MS = 1_000;

export interface PollOptions {
  signal: AbortSignal;
  /** The tag of the state that is known already. */
  tag?: string | undefined;
  /** Nobody wants to hear of states before the end. */
  onlyEnd?: boolean;
}

/** Sends until there is an answer, however long that takes. Throws what does not pass by itself. */
async function patiently(connection: Connection, request: Request): Promise<Reply> {
  for (let failures = 1; ; failures++) {
    try {
      return await connection.send(request);
    } catch (error) {
      if (!isPassing(error)) throw error;
      await pause(patienceMs(failures, error), request.signal);
    }
  }
}

/**
 * The states of a task by long poll, until it is done. Where the server does not hold its answers back, it is asked when
 * its `Retry-After` advises.
 */
export async function* pollStates<Task extends Finishing>(
  connection: Connection,
  id: number,
  { signal, tag: known, onlyEnd = false }: PollOptions,
): AsyncGenerator<Task, undefined> {
  let tag = known;
  let early = 0;
  for (;;) {
    const waitSeconds = tag === undefined && !onlyEnd ? 0 : WAIT_SECONDS;
    const headers: Record<string, string> = tag === undefined || onlyEnd ? {} : { 'If-None-Match': tag };
    const asked = performance.now();
    const reply = await patiently(connection, {
      path: `/tasks/${id}`,
      query: { wait: waitSeconds || null },
      headers,
      waitSeconds,
      signal,
    });
    const isNews = reply.status === 200 && reply.headers.get('ETag') !== tag;
    if (isNews) {
      const task = fromResource<Task>(reply.body as object);
      tag = reply.headers.get('ETag') ?? undefined;
      yield task;
      if (task.done) return;
    }
    const isEarly = waitSeconds > 0 && performance.now() - asked < waitSeconds * 1000 - SLACK_MS;
    early = isEarly && (onlyEnd || !isNews) ? early + 1 : 0;
    if (early > 0) await pause(pauseMs(early, reply.headers), signal);
  }
}

function pauseMs(early: number, headers: Headers): number {
  const advised = (retryAfterSecondsOf(headers) ?? 1) * 1000;
  return (early === 1 ? Math.min(FIRST_PAUSE_MS, advised) : advised) * (1 + Math.random() / 2);
}
