import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import supertest from 'supertest';
import { createApp, ManualClock } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { PROJECT } from '../support/documentation.js';

/** Rejected and RetryAfter as a handlers module has them that comes with a copy of the package of its own. */
async function otherCopy() {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  cpSync(join(PROJECT, 'dist/core'), join(folder, 'core'), { recursive: true });
  const load = (file: string) => import(pathToFileURL(join(folder, 'core', file)).href);
  return load('errors.js');
}

test('what a handler throws is understood, also when it is of another copy of the package', async () => {
  const { Rejected, RetryAfter } = await otherCopy();
  const clock = new ManualClock();
  const handlers = {
    reject() {
      throw new Rejected('Never');
    },
    later() {
      throw new RetryAfter(77, 'Later');
    },
  };
  const app = createApp({ database: ':memory:', handlers, clock });
  onTestEnd(() => app.stop());
  const http = supertest(app);
  for (const type of Object.keys(handlers)) await http.post('/api/queue/enqueue').send({ type });
  expect(await app.worker.runOnce()).toBe(2);

  const task = async (id: number) => (await http.get(`/api/queue/tasks/${id}`)).body;
  expect(await task(1)).toMatchObject({ status: 'failed', failure_reason: 'rejected' });
  const due = new Date(clock.now() + 77_000).toISOString();
  expect(await task(2)).toMatchObject({ status: 'queued', error_message: 'Later', run_after_utc: due });
});
