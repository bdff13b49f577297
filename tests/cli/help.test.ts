import { describe, expect, test } from '@jest/globals';
import { describeOption, optionsIn } from '../../src/cli/options.js';
import { projectFile } from '../support/documentation.js';
import { spoolite } from '../support/program.js';

/** What it prints, wrapped lines joined, and its exit code. */
async function run(...args: string[]) {
  const program = spoolite(...args);
  const { code } = await program.exited;
  return { code, output: program.output.replace(/\s+/g, ' ') };
}

test('without a command it shows what there is', async () => {
  const { code, output } = await run();
  expect(code).toBe(1);
  for (const command of ['dev', 'serve', 'work']) expect(output).toContain(` ${command} [options] `);
});

test('--help is no failure', async () => {
  const { code, output } = await run('--help');
  expect(code).toBe(0);
  expect(output).toContain('spoolite help <command>');
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(projectFile('package.json'));
  expect(await run('--version')).toEqual({ code: 0, output: `${version} ` });
});

describe.each([
  ['dev', optionsIn('common', 'storage', 'server', 'worker')],
  ['serve', optionsIn('common', 'storage', 'server', 'serve')],
  ['work', optionsIn('common', 'storage', 'worker')],
] as const)('help %s', (command, options) => {
  test('shows each option with its default and its variable', async () => {
    const { code, output } = await run('help', command);
    expect(code).toBe(0);
    for (const name of options) {
      const { flag, text, unset, variable } = describeOption(name);
      expect(output).toContain(`${flag} ${text}${unset === undefined ? '' : ` (${unset})`} [${variable}]`);
    }
    expect(output.match(/ --[a-z-]+ .*?\[SPOOLITE_/g)).toHaveLength(options.length);
  });
});

test.each([
  [['dve'], "unknown command 'dve' (Did you mean dev?)"],
  [['serve', '--prot', '1'], "unknown option '--prot' (Did you mean --port?)"],
  [['serve', '--port'], "option '--port <number>' argument missing"],
  [['dev', 'now'], "too many arguments for 'dev'"],
  [['work', '--port', '1'], "unknown option '--port'"],
])('%j is refused, and where to read on is said', async (args, text) => {
  const { code, output } = await run(...args);
  expect(code).toBe(1);
  expect(output).toContain(text);
  expect(output).toContain('--help');
});
