import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../../support/cleanup.js';
import { Client } from '../../support/client.js';
import { freePort } from '../../support/processes.js';
import { CommandLine, startServer } from '../../support/program.js';
import { eventually } from '../../support/waiting.js';

test('commands that keep running outlive a server that is killed and started again', async () => {
  const database = join(scratchFolder(), 'queue.db');
  const { program: first, url } = await startServer(database, '--port', String(await freePort()));
  const client = new Client(url);
  const line = new CommandLine(url);
  const id = await client.enqueue('work');
  const waiting = line.start('wait', String(id));
  // It gives up at once where nobody answers its first question; whatever comes later is a lost connection.
  await first.says(/"path":"\/api\/queue\/tasks\/1"/);
  const watching = line.start('status', String(id), '--watch');
  const tailing = line.start('tail', '--cursor', '0', '--limit', '2');
  await watching.says(/"queued"/);
  await tailing.says(/"queued"/);

  await first.kill();
  await eventually(() => tailing.stderr !== '');
  expect(tailing.stderr).toBe('spoolite: Connection lost; retrying.\n');
  await startServer(database, '--port', new URL(url).port);
  await client.post(`/queue/tasks/${id}/cancel`);

  expect(await waiting.exited).toMatchObject({ code: 3 });
  expect(await watching.exited).toMatchObject({ code: 3 });
  expect(await tailing.exited).toMatchObject({ code: 0 });
  expect(JSON.parse(waiting.stdout)).toEqual(await client.task(id));
  const states = tailing.stdout.trim().split('\n');
  expect(states.map((text) => JSON.parse(text).task.status)).toEqual(['queued', 'failed']);
});
