import type { Context } from './context.js';
import { EXIT } from './exit-codes.js';
import { tasksText } from './match-text.js';

/** Deletes the tasks that are named; says which were not there, or are not finished. */
export async function deleteByIds(context: Context<unknown>, named: number[]): Promise<number> {
  const { client, out, signal, warn } = context;
  const ids = [...new Set(named)];
  const done = await client.deleteMany({ ids }, { expected: ids.length, signal });
  const left = done < ids.length ? await client.getMany(ids, { signal }) : [];
  out.say({ matched: done, done }, () => `${tasksText(done)} deleted`);
  for (const { taskId, status } of left) warn(`Task ${taskId} is ${status}: cancel it first.`);
  const missing = ids.length - done - left.length;
  if (missing > 0) warn(`${tasksText(missing)} not found.`);
  return done === ids.length ? EXIT.ok : EXIT.error;
}
