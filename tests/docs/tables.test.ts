import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { describeOption, optionsIn } from '../../src/cli/options.js';
import { DEFAULTS } from '../../src/config/options.js';
import { ERROR_CODES, type ErrorCode } from '../../src/core/errors.js';
import { MAX_JSON_DEPTH } from '../../src/core/json.js';
import { TASK_LIMITS } from '../../src/core/limits.js';
import { FAILURE_REASONS } from '../../src/core/task.js';
import { TRANSITIONS } from '../../src/core/transitions.js';
import { PROBLEM_TYPES } from '../../src/http/errors.js';
import { ERROR_GUIDE } from '../../src/http/openapi/error-guide.js';
import { createApp } from '../../src/index.js';
import { ROUTES } from '../support/api-document.js';
import { onTestEnd } from '../support/cleanup.js';
import { projectFile, section, tables } from '../support/documentation.js';

const OPTIONS = projectFile('docs/options.md');
const API = projectFile('docs/api.md');
const GUARANTEES = projectFile('docs/guarantees.md');
const LIMITS = projectFile('docs/limits.md');

describe('the documented options are those of the program', () => {
  const row = (name: Parameters<typeof describeOption>[0]): string[] => {
    const { flag, variable, unset, text } = describeOption(name);
    return [`\`${flag}\``, `\`${variable}\``, unset ?? '', text];
  };
  // `serve` takes one that is shown among the worker's.
  const server = optionsIn('server', 'serve').filter((name) => name !== 'graceSeconds');
  const shown = tables(OPTIONS);

  test('for all of them', () => expect(shown[0]).toEqual(optionsIn('common').map(row)));
  test('for what keeps running', () => expect(shown[1]).toEqual(optionsIn('storage').map(row)));
  test('for the server', () => expect(shown[2]).toEqual(server.map(row)));
  test('for the worker', () => expect(shown[3]).toEqual(optionsIn('worker').map(row)));
  test('for the commands about tasks', () => expect(shown[4]).toEqual(optionsIn('client').map(row)));
  test('and there are no others', () => {
    const known: string[] = [...optionsIn('common', 'storage', 'worker', 'client'), ...server];
    expect(known.sort()).toEqual(Object.keys(DEFAULTS).sort());
  });
});

test('the documented endpoints are those of the app', async () => {
  const app = createApp({ database: ':memory:' });
  onTestEnd(() => app.stop());
  const paths = new Set(ROUTES.map(({ path }) => path));
  const served: string[] = [];
  for (const path of paths) {
    const { headers } = await supertest(app).options(path.replace(/:\w+/, '1'));
    const methods = headers.allow?.split(', ').filter((method) => method !== 'HEAD' && method !== 'OPTIONS');
    for (const method of methods ?? []) served.push(`\`${method} ${path.replace(/:(\w+)/, '{$1}')}\``);
  }
  const [shown] = tables(API);
  expect(shown?.map(([endpoint]) => endpoint).sort()).toEqual(served.sort());
});

test('the documented error codes are those of the program', () => {
  const [shown] = tables(section(API, 'Errors'));
  const row = (code: ErrorCode): string[] => [
    `\`${code}\``,
    String(PROBLEM_TYPES[code].status),
    ERROR_GUIDE[code].meaning,
  ];
  expect(shown).toEqual(ERROR_CODES.map(row));
});

test('the documented failure reasons are those of the program', () => {
  const [shown] = tables(section(GUARANTEES, 'What can happen to a task'));
  expect(shown?.map(([reason]) => reason).sort()).toEqual(FAILURE_REASONS.map((r) => `\`${r}\``).sort());
});

test('the state diagram draws the table of transitions', () => {
  const arrows = section(GUARANTEES, 'What can happen to a task').matchAll(/^ {2}(\S+) --> (\S+): (.+)$/gm);
  const drawn = [...arrows].flatMap(([, from, to, events]) =>
    (events as string).split(', ').map((event) => `${event}: ${from === '[*]' ? null : from} → ${to}`),
  );
  const table = Object.entries(TRANSITIONS).flatMap(([event, pairs]) =>
    pairs.map(([from, to]) => `${event}: ${from} → ${to}`),
  );
  expect(drawn.sort()).toEqual(table.sort());
});

test('the documented limits are those of the program', () => {
  const { nameLength, priority, maxAttempts, idempotencyKeyLength, listLimit, batchSize } = TASK_LIMITS;
  const megabytes = (bytes: number) => `${bytes / 1024 / 1024} MB`;
  const limits = LIMITS.replace(/\s+/g, ' ');
  for (const claim of [
    `at most ${megabytes(DEFAULTS.bodyLimit)}, a batch ${megabytes(DEFAULTS.batchBodyLimit)} and ${batchSize} tasks`,
    `\`type\` has 1 to ${nameLength} characters`,
    `\`priority\` is ${priority.min} to ${priority.max} (default ${priority.default})`,
    `\`max_attempts\` ${maxAttempts.min} to ${maxAttempts.max} (${maxAttempts.default})`,
    `an idempotency key has up to ${idempotencyKeyLength} characters`,
    `A list has up to ${listLimit.max} tasks (${listLimit.default})`,
    `nested up to ${MAX_JSON_DEPTH} deep`,
  ]) {
    expect(limits).toContain(claim);
  }
});

test('the README has at most 200 lines', () => {
  expect(projectFile('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});
