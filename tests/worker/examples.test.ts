import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { type JsonObject, systemClock } from '../../src/index.js';
import { startWorker } from '../support/program.js';
import { TestQueue } from '../support/test-queue.js';
import { eventually } from '../support/waiting.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/handlers.js', import.meta.url));

/** The examples, with every progress that they report in the log, where none is overwritten by the next. */
const RECORDED = `import examples from ${JSON.stringify(pathToFileURL(EXAMPLES).href)};
const recorded = (handle) => (task, { progress, log, ...context }) =>
  handle(task, {
    ...context,
    log,
    async progress(percent, message) {
      await progress(percent, message);
      log.info(\`\${percent} % \${message}\`);
    },
  });
export default { countdown: recorded(examples.countdown) };
`;

/** A worker process with the example handlers, or those of a module, in a folder of its own beside the queue's file. */
async function examples(module?: string) {
  const queue = new TestQueue({ clock: systemClock });
  const cwd = join(realpathSync(dirname(queue.file)), 'cwd');
  mkdirSync(cwd);
  if (module !== undefined) writeFileSync(join(cwd, 'handlers.mjs'), module);
  const handlers = module === undefined ? EXAMPLES : './handlers.mjs';
  await startWorker(queue.file, ['--handlers', handlers], {}, { cwd });
  return {
    queue,
    /** Writes a file; the path goes by the working directory. */
    write: (path: string, text: string) => writeFileSync(join(cwd, path), text),
    link: (target: string, path: string) => symlinkSync(target, join(cwd, path)),
    enqueue: (type: string, payload: JsonObject) => queue.enqueue({ type, payload }),
    async finished(id: number) {
      const task = await eventually(async () => {
        const found = await queue.find(id);
        return found.finishedAt !== null && found;
      });
      return { ...task, result: JSON.parse(task.result ?? 'null') };
    },
  };
}

test('countdown shows its progress and says each step', async () => {
  const { queue, enqueue, finished } = await examples(RECORDED);
  // Its first step lasts until it is cancelled.
  const slow = await enqueue('countdown', { seconds: 4, step_ms: 3_600_000 });
  await eventually(async () => (await queue.find(slow)).progressMessage === '4 to go');
  await queue.storage.repositories.tasks.cancel(slow);
  const id = await enqueue('countdown', { seconds: 3, step_ms: 1 });
  expect(await finished(id)).toMatchObject({
    status: 'completed',
    progressMessage: 'lift-off',
    result: { counted_from: 3 },
  });
  const log = await queue.log(id);
  expect(log.slice(1, -1)).toEqual([
    'info 0 % 3 to go',
    'info 3…',
    'info 33 % 2 to go',
    'info 2…',
    'info 67 % 1 to go',
    'info 1…',
    'info 100 % lift-off',
  ]);
});

test('flaky fails as often as it is told, then succeeds', async () => {
  const { queue, enqueue, finished } = await examples();
  const id = await enqueue('flaky', { fail_times: 1 });
  expect(await finished(id)).toMatchObject({
    status: 'completed',
    attempts: 2,
    result: { succeeded_at_attempt: 2 },
  });
  expect(await queue.log(id)).toContain('warning Will be retried: Failed on purpose (1 of 1 times)');
});

test('word_count counts files of the working directory, and rejects all others', async () => {
  const { write, link, enqueue, finished } = await examples();
  write('poem.txt', 'one two\nthree\n\nfour  five\n');
  write('empty.txt', '');
  write('..dots.txt', 'inside all the same');
  write('../secret.txt', 'not for you');
  link('../secret.txt', 'link-out.txt');
  link('poem.txt', 'link-in.txt');
  const counted: [string, JsonObject][] = [
    ['poem.txt', { lines: 4, words: 5, bytes: 26 }],
    ['link-in.txt', { lines: 4, words: 5, bytes: 26 }],
    ['empty.txt', { lines: 0, words: 0, bytes: 0 }],
    ['..dots.txt', { lines: 1, words: 4, bytes: 19 }],
  ];
  for (const [path, result] of counted) {
    const id = await enqueue('word_count', { path });
    expect(await finished(id)).toMatchObject({ status: 'completed', result });
  }
  for (const path of ['../secret.txt', '..', '.', '/etc/hostname', 'link-out.txt', 'missing.txt']) {
    const id = await enqueue('word_count', { path });
    expect(await finished(id)).toMatchObject({
      status: 'failed',
      failureReason: 'rejected',
      errorMessage: `There is no file ${path} in the working directory of the worker`,
      attempts: 1,
    });
  }
  expect(await finished(await enqueue('word_count', {}))).toMatchObject({
    failureReason: 'rejected',
    errorMessage: 'The payload must name a file: { "path": "README.md" }',
  });
});

test('word_count shows its progress, and can be cancelled', async () => {
  const { queue, write, enqueue, finished } = await examples();
  write('long.txt', 'some words in a line\n'.repeat(500_000));
  const id = await enqueue('word_count', { path: 'long.txt' });
  await eventually(async () => ((await queue.find(id)).progress ?? 0) > 0);
  await queue.storage.repositories.tasks.cancel(id);
  expect(await finished(id)).toMatchObject({ failureReason: 'cancelled', result: null });
  // The worker has lived through it.
  expect(await finished(await enqueue('flaky', { fail_times: 0 }))).toMatchObject({ status: 'completed' });
});
