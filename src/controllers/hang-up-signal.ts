import type { ServerResponse } from 'node:http';

/** Aborts when the connection ends, be it that the reply was sent or that the client hung up before. */
export function hangUpSignal(res: ServerResponse): AbortSignal {
  const controller = new AbortController();
  if (res.closed) controller.abort();
  else res.once('close', () => controller.abort());
  return controller.signal;
}
