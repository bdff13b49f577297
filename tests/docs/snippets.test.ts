import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createQueue } from '../../src/index.js';
import { Client } from '../support/client.js';
import {
  excerptOf,
  notRun,
  PROJECT,
  projectFile,
  ReadersProject,
  type Snippet,
  snippetsOf,
} from '../support/documentation.js';
import { inFile } from '../support/sqlite.js';
import { eventually } from '../support/waiting.js';
import { DocumentWalk } from './document-walk.js';

const documents = [
  'README.md',
  ...readdirSync(`${PROJECT}/docs`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** Shown, not run: pictures, and text that no program reads. */
const PICTURES = ['mermaid', 'text'];
const PROGRAMS = ['sh', 'js', 'ts', 'python', 'json', 'yaml'];

function hasPython(modules: string): boolean {
  try {
    execFileSync('python3', ['-c', `import ${modules}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const canRun = ({ language, code }: Snippet): boolean =>
  language !== 'python' || hasPython(code.includes('import requests') ? 'requests' : 'json');

/** Makes the queue of somebody who has used it for a while: its first tasks have been deleted since, and nobody finds them. */
async function makeOldQueue(database: string): Promise<void> {
  await createQueue({ database }).close();
  const number = "insert into sqlite_sequence (name, seq) values ('tasks', 1000)";
  inFile(database, (client) => client.prepare(number).run());
}

describe.each(documents)('%s', (document) => {
  const snippets = snippetsOf(projectFile(document));
  const toRun = snippets.filter(
    (snippet) => PROGRAMS.includes(snippet.language) && !notRun(snippet) && !excerptOf(snippet),
  );
  const walked = toRun.filter(canRun);

  test('every snippet is a program, or a picture, or an excerpt', () => {
    const unknown = snippets.filter(({ language }) => ![...PICTURES, ...PROGRAMS].includes(language));
    expect(unknown).toEqual([]);
    for (const snippet of snippets) {
      const file = excerptOf(snippet);
      if (file) expect(projectFile(file)).toContain(snippet.code);
    }
  });

  if (walked.length === 0) return;

  test('every program in it runs, and every task it enqueues ends', async () => {
    const project = new ReadersProject();
    // A reader's queue is seldom new.
    await makeOldQueue(project.database);
    await project.startServer();
    const client = new Client(project.url);
    for (const id of await client.enqueueMany([{ type: 'before' }, { type: 'before' }, { type: 'before' }]))
      await client.post(`/queue/tasks/${id}/cancel`);
    const walk = new DocumentWalk(project);
    for (const snippet of walked) await walk.do(snippet);

    // Its worker is a Python program that may be impossible here.
    const mayWait = walked.length < toRun.length ? ['add'] : [];
    const ended = await eventually(async () => {
      const tasks = await client.list();
      return tasks.every(({ done, type }) => done || mayWait.includes(type)) && tasks;
    }, 60_000);
    const failed = ended.filter(({ status }) => status === 'failed');
    expect(failed.filter(({ failure_reason }) => failure_reason !== 'cancelled')).toEqual([]);
  }, 120_000);
});
