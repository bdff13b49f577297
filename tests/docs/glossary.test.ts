import { expect, test } from '@jest/globals';
import { FAILURE_REASONS, TASK_STATUSES } from '../../src/core/task.js';
import { TRANSITIONS } from '../../src/core/transitions.js';
import { STRATEGIES } from '../../src/index.js';
import { projectFile } from '../support/documentation.js';

const GLOSSARY = projectFile('docs/glossary.md');

test.each([
  ...TASK_STATUSES.map((status) => `\`${status}\``),
  ...FAILURE_REASONS.map((reason) => `\`${reason}\``),
  ...STRATEGIES.map((strategy) => `\`${strategy}\``),
  ...Object.keys(TRANSITIONS).map((event) => `*${event}*`),
])('the glossary has %s', (word) => expect(GLOSSARY).toContain(word));

test('the glossary explains each word once', () => {
  const words = [...GLOSSARY.matchAll(/\*\*([^*]+)\*\* —/g)].map(([, word]) => word);
  expect(words).toEqual(
    expect.arrayContaining(['lane', 'lease', 'fence', 'revision', 'writer thread', 'reaper']),
  );
  expect(new Set(words).size).toBe(words.length);
});
