import { expect, test } from '@jest/globals';
import { DEFAULTS } from '../../src/config/options.js';
import { flagOf, readConfig, variableOf } from '../../src/config/read-config.js';
import { scratchFolder } from '../support/cleanup.js';
import { spooliteIn } from '../support/program.js';

/** Runs to the end, which must be a refusal of one sentence; returns it. */
async function refusal(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const folder = scratchFolder();
  const program = spooliteIn({ SPOOLITE_DATABASE: `${folder}/queue.db`, ...env }, args, folder);
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output).toMatch(/^spoolite: [^\n]+\n$/);
  return program.output.slice('spoolite: '.length).trim();
}

test.each([
  ['port', 'abc', 'must be a number'],
  ['port', '65536', 'must be 65535 or less'],
  ['port', '-1', 'must be 0 or more'],
  ['port', '80.5', 'must be a whole number'],
  ['host', 'not a host', 'must be a host name or an IP address'],
  ['durability', 'none', 'must be one of full, normal'],
  ['strategy', 'random', 'must be one of priority, fifo, lifo, weighted_random'],
  ['concurrency', '0', 'must be 1 or more'],
  ['types', 'a,,b', 'must be names separated by commas'],
  ['capabilities', '[1]', 'must be a JSON object, such as {"region":"us-west"}'],
  ['capabilities', '{"region":', 'must be a JSON object, such as {"region":"us-west"}'],
  ['leaseSeconds', '3601', 'must be 3600 or less'],
  ['graceSeconds', 'long', 'must be a number'],
  ['pollSeconds', '0', 'must be 0.01 or more'],
  ['timeoutSeconds', '-1', 'must be 0 or more'],
  ['keepCompletedDays', '-1', 'must be 0 or more'],
  ['keepFailedDays', 'all', 'must be a number of days, or "forever"'],
  ['keepLogDays', '-1', 'must be 0 or more'],
  ['keepAuditDays', 'never', 'must be a number of days, or "forever"'],
  [
    'retentionByType',
    '{"mail":{"complete":1}}',
    'must be such as {"mail":{"completed":1,"failed":"forever"}}; "mail": unknown "complete" (did you mean "completed"?)',
  ],
  [
    'retentionByType',
    '{"mail":{"logs":"x"}}',
    'must be such as {"mail":{"completed":1,"failed":"forever"}}; "mail": logs must be a number of days, or "forever"',
  ],
  ['bodyLimit', '10', 'must be 1024 or more'],
  ['batchBodyLimit', 'big', 'must be a number'],
  ['logLevel', 'loud', 'must be one of trace, debug, info, warn, error, fatal, silent'],
  ['logFormat', 'xml', 'must be one of auto, pretty, json'],
] as const)('%s %j %s', (name, value, problem) => {
  expect(() => readConfig({ [name]: value }, {})).toThrow(`${flagOf(name)} ${problem}, not "${value}".`);
  expect(() => readConfig({}, { [variableOf(name)]: value })).toThrow(`${variableOf(name)} ${problem}`);
});

test('an empty flag is refused, an empty variable is as good as none', () => {
  expect(() => readConfig({ database: '' }, {})).toThrow('--database must not be empty');
  expect(readConfig({}, { SPOOLITE_PORT: '', SPOOLITE_DATABASE: '' })).toEqual(DEFAULTS);
});

test('an option of the command line is refused by the name it has there', async () => {
  expect(await refusal(['dev', '--port', 'abc'])).toBe('--port must be a number, not "abc".');
});

test('an option of the environment is named as it is called there', async () => {
  expect(await refusal(['serve'], { SPOOLITE_PORT: 'abc' })).toBe(
    'SPOOLITE_PORT must be a number, not "abc".',
  );
  expect(await refusal(['serve'], { SPOOLITE_ALLOW_UNAUTHENTICATED: 'yes' })).toBe(
    'SPOOLITE_ALLOW_UNAUTHENTICATED must be true or false, not "yes".',
  );
});

test('a flag that is right makes up for a variable that is wrong', async () => {
  expect(await refusal(['serve', '--port', '0', '--durability', 'x'], { SPOOLITE_PORT: 'abc' })).toBe(
    '--durability must be one of full, normal, not "x".',
  );
});

test('a type without a handler is named', async () => {
  expect(await refusal(['dev', '--types', 'countdown,mail'])).toMatch(/types .*"mail"/);
});

test('a folder that is not there', async () => {
  expect(await refusal(['serve', '--database', './nowhere/queue.db'])).toMatch(/nowhere .*--database/);
});

test('processes and workers need a file to share', async () => {
  const memory = { SPOOLITE_DATABASE: ':memory:' };
  expect(await refusal(['serve', '--processes', '2'], memory)).toMatch(/--processes .*--database/);
  expect(await refusal(['work', '--handlers', './h.js'], memory)).toMatch(/--database/);
});
