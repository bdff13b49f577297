import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import supertest from 'supertest';
import { createApp, createQueue, createWorker } from '../../src/index.js';
import { scratchFolder } from '../support/cleanup.js';
import { expectProblem } from '../support/test-app.js';

const writerThread = new URL('../support/dying-writer-thread.js', import.meta.url);

/** Options for a database whose writer thread dies with the next commit, and what comes of that. */
function dying() {
  const database = join(scratchFolder(), 'queue.db');
  let onFatal: (error: Error) => void = () => undefined;
  const failed = new Promise<Error>((resolve) => {
    onFatal = resolve;
  });
  const die = (how = 'throw') => writeFileSync(`${database}-die`, how);
  return { options: { database, writerThread, onFatal }, failed, die };
}

const FAILED = { code: 'NOT_READY', message: 'The storage has failed; restart the program' };

/** Of what the thread had been given before it died. */
const UNKNOWN = {
  code: 'INTERNAL_ERROR',
  message: 'The storage failed during the commit: the write may be stored or not',
};

test('an app says that its writer thread has died, and is neither ready nor healthy from then on', async () => {
  const { options, failed, die } = dying();
  const app = createApp(options);
  const http = supertest(app);
  expect((await http.get('/api/health')).status).toBe(200);
  die();
  // The thread may have stored it or not, so that there is no answer.
  await expect(http.post('/api/queue/enqueue').send({ type: 'mail' })).rejects.toThrow('socket hang up');
  expect(await failed).toMatchObject({ ...FAILED, cause: { message: 'Out of memory, for a test' } });
  for (const path of ['/api/health', '/api/ready']) expectProblem(await http.get(path), 503, 'NOT_READY');
  expect((await http.get('/api/queue/tasks')).status).toBe(200);
  expectProblem(await http.post('/api/queue/enqueue').send({ type: 'mail' }), 503, 'NOT_READY');
  await app.stop();
});

test('so does a queue, and its calls reject', async () => {
  const { options, failed, die } = dying();
  const queue = createQueue(options);
  die('exit');
  await expect(queue.enqueue({ type: 'mail' })).rejects.toMatchObject(UNKNOWN);
  expect(await failed).toMatchObject(FAILED);
  await queue.close();
});

test('so does a worker, which can still be stopped', async () => {
  const { options, failed, die } = dying();
  const worker = createWorker({ ...options, handlers: { mail: () => undefined } });
  die('exit');
  await expect(worker.start()).rejects.toMatchObject(UNKNOWN);
  expect(await failed).toMatchObject(FAILED);
  await worker.stop();
});

test('a program that does not ask to be notified ends with the error', () => {
  const database = join(scratchFolder(), 'queue.db');
  writeFileSync(`${database}-die`, 'exit');
  const script = `
    import { createQueue } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
    const writerThread = new URL(${JSON.stringify(writerThread.href)});
    setInterval(() => undefined, 1000);
    const queue = createQueue({ database: ${JSON.stringify(database)}, writerThread });
    queue.enqueue({ type: 'mail' }).catch(() => undefined);
  `;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(ended.status).toBe(1);
  expect(ended.stderr).toContain('The storage has failed; restart the program');
});

test('closing is no failure', async () => {
  let failures = 0;
  const onFatal = () => void failures++;
  const queue = createQueue({ database: join(scratchFolder(), 'queue.db'), onFatal });
  await queue.enqueue({ type: 'mail' });
  await queue.close();
  expect(failures).toBe(0);
});
