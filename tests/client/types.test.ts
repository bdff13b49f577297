import { expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.js';
import type { Queue } from '../../src/index.js';
import { json, ScriptedServer } from '../support/servers.js';

interface Tasks {
  mail: { payload: { to: string }; result: { sentAt: string } };
  sweep: { payload: { deep?: boolean }; result: number };
}

/** Never called: the compiler is the test, and each line that it should refuse says so. */
async function compiled(queue: Queue<Tasks>): Promise<void> {
  const mail = await queue.enqueue({ type: 'mail', payload: { to: 'ada' }, priority: 1 });
  await queue.enqueue({ type: 'sweep' });
  // @ts-expect-error: no such type
  await queue.enqueue({ type: 'fax', payload: {} });
  // @ts-expect-error: a mail needs somebody to go to
  await queue.enqueue({ type: 'mail' });
  // @ts-expect-error: and that is text
  await queue.enqueue({ type: 'mail', payload: { to: 7 } });
  // @ts-expect-error: no such option
  await queue.enqueue({ type: 'sweep', prio: 7 });
  await queue.enqueueMany([{ type: 'sweep' }, { type: 'mail', payload: { to: 'ada' } }]);
  // @ts-expect-error: each payload goes with its type
  await queue.enqueueMany([{ type: 'sweep', payload: { to: 'ada' } }]);

  // The number of a mail remembers that it is one.
  const sentAt: string = (await queue.waitFor(mail.taskId)).result.sentAt;
  // @ts-expect-error: there may be none as long as nobody knows that it is completed
  const unknown: string = (await queue.get(mail.taskId)).result.sentAt;
  const task = await queue.waitFor(7);
  if (task.type === 'sweep') task.result.toFixed();
  // @ts-expect-error: here it is a mail
  else task.result.toFixed();
  for await (const { type, payload } of queue.list({ type: 'mail' })) if (type === 'mail') payload.to.trim();
  // @ts-expect-error: no such type
  queue.list({ type: 'fax' });
  await queue.waitFor(mail.taskId, { onProgress: ({ payload }) => payload.to.trim() });
  console.log(sentAt, unknown);
}
void compiled;

test('without a map of types, any type and any JSON will do', async () => {
  const { url } = await ScriptedServer.start(json(201, { task_id: 3 }));
  const client = createClient({ url });
  const { taskId } = await client.enqueue({ type: 'anything', payload: { at: ['all', 1, null] } });
  expect(taskId).toBe(3);
});
