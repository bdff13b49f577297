import { expect, test } from '@jest/globals';
import { projectFile, ReadersProject, section, snippetsOf } from '../support/documentation.js';
import { eventually } from '../support/waiting.js';

/** The curl lines that lead to the first task's end. */
const [enqueue, poll, wait, list, stats] = snippetsOf(section(projectFile('README.md'), 'A first task'))
  .filter(({ language }) => language === 'sh')
  .flatMap(({ code }) => code.trim().split('\n'))
  .filter((line) => line.startsWith('curl ')) as [string, string, string, string, string];

test('the first task of the README is enqueued, seen while it is worked on, and completed', async () => {
  const project = new ReadersProject();
  await project.startServer();
  const ask = async (line: string) => JSON.parse(await project.run(line));

  expect(await ask(enqueue)).toMatchObject({ task_id: 1, status: 'queued' });
  project.id = 1;

  const seen = await eventually(async () => {
    const task = await ask(poll);
    return task.progress > 0 && task;
  });
  expect(seen).toMatchObject({ task_id: 1, status: 'processing', attempts: 1, done: false });
  expect(seen.progress_message).toMatch(/^\d to go$/);

  const done = await ask(wait);
  expect(done).toMatchObject({ status: 'completed', progress: 100, done: true, result: { counted_from: 5 } });
  expect(await ask(poll)).toEqual(done);
  expect(await ask(list)).toEqual([done]);
  expect(await ask(stats)).toEqual({
    total_tasks: 1,
    queued_tasks: 0,
    processing_tasks: 0,
    completed_tasks: 1,
    failed_tasks: 0,
    oldest_queued_age_seconds: null,
  });
}, 60_000);
