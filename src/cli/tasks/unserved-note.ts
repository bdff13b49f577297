import { isServed } from '../../client/is-served.js';
import type { Context } from './context.js';

/**
 * Says, to people only, that no live worker serves the type: such a task waits for ever. Null when one does, and when
 * nobody could tell: what the command was asked to do is done without it.
 */
export async function unservedNote({ client, out, signal }: Context, type: string): Promise<string | null> {
  if (out.isJson) return null;
  const workers = await client.workers({ signal }).catch(() => null);
  if (workers === null || isServed(type.trim(), workers)) return null;
  return 'No live worker serves its type: "spoolite workers" shows what they serve.';
}
