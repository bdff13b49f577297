import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DEFAULTS } from '../../src/config/options.js';
import { scratchFolder } from '../support/cleanup.js';
import { projectFile } from '../support/documentation.js';
import { describeWith } from '../support/processes.js';
import { MAIN, spoolite } from '../support/program.js';

const UNITS = ['spoolite.service', 'spoolite-worker.service'];

/** Where the documentation has it installed. */
const PROGRAM = '/usr/bin/node /opt/spoolite/node_modules/spoolite/dist/main.js';

const textOf = (unit: string): string => projectFile(`docs/operations/${unit}`);

const setting = (unit: string, name: string): string | undefined =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(textOf(unit))?.[1];

/** What systemd-analyze says of the unit, which starts the program of this checkout. */
function analyze(unit: string, ...command: string[]) {
  expect(textOf(unit)).toContain(PROGRAM);
  const file = join(scratchFolder(), unit);
  writeFileSync(file, textOf(unit).replace(PROGRAM, `${process.execPath} ${MAIN}`));
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...command, file], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

describeWith('systemd-analyze', 'the units for systemd', () => {
  test.each(UNITS)('%s is one, with nothing to be said against it', (unit) => {
    expect(analyze(unit, 'verify')).toEqual({ status: 0, output: '' });
  });

  // 0 is closed, 10 is open; the threshold is in tenths. What is left is that it uses the network.
  test.each(UNITS)('%s is exposed no further than 1.2', (unit) => {
    const { status, output } = analyze(unit, 'security', '--offline=true', '--no-pager', '--threshold=12');
    expect(output).toMatch(/Overall exposure level for .*: [01]\.\d OK/);
    expect(status).toBe(0);
  });
});

test.each(UNITS)('%s is given longer to stop than the program gives its tasks', (unit) => {
  expect(Number(setting(unit, 'TimeoutStopSec'))).toBeGreaterThan(DEFAULTS.graceSeconds + 10);
  expect(setting(unit, 'KillMode')).toBe('mixed');
});

test.each(UNITS)('%s starts the program by options that it has', async (unit) => {
  const [command] = setting(unit, 'ExecStart')?.slice(PROGRAM.length).trim().split(' ') ?? [];
  const help = spoolite('help', command as string);
  expect(await help.exited).toMatchObject({ code: 0 });
  const flags = setting(unit, 'ExecStart')?.match(/ --[\w-]+/g) ?? [];
  for (const flag of flags) expect(help.stdout).toContain(flag);
});
