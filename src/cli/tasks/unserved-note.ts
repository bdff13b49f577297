import { isServed } from '../../client/is-served.js';
import type { JsonObject } from '../../domain/json.js';
import { Offer } from '../../domain/matching.js';
import type { Context } from './context.js';

interface Wanted {
  type: string;
  compatibility?: JsonObject | undefined;
}

const NO_TYPE = 'No live worker serves its type: "spoolite workers" shows what they serve.';
const NO_OFFER =
  'No live worker that serves its type offers what it needs: "spoolite workers --json" shows what they offer.';

/**
 * Says, to people only, why no live worker takes such a task, which waits for ever. Null when one does, and when the workers
 * cannot be read: what the command was asked to do is done without it.
 */
export async function unservedNote(
  { client, out, signal }: Context,
  { type, compatibility = {} }: Wanted,
): Promise<string | null> {
  if (out.isJson) return null;
  const workers = await client.workers({ signal }).catch(() => null);
  if (workers === null) return null;
  const serving = workers.filter((worker) => isServed(type.trim(), [worker]));
  if (serving.length === 0) return NO_TYPE;
  const isMet = serving.some(({ capabilities }) => new Offer(capabilities).meets(compatibility));
  return isMet ? null : NO_OFFER;
}
