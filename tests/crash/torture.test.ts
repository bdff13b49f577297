import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { processesNaming } from '../support/processes.js';
import { type Program, spoolite } from '../support/program.js';
import { eventually } from '../support/waiting.js';

jest.setTimeout(180_000);

const BREACH_COUNTS = {
  lost: 0,
  refused_but_stored: 0,
  unasked: 0,
  overrun: 0,
  owned_twice: 0,
  settled_twice: 0,
  superseded: 0,
  stuck: 0,
  log_differs: 0,
  counters: 0,
  ended_by_itself: 0,
  unexpected_reply: 0,
};

const resultOf = ({ output }: Program) =>
  JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1));

/** A torture in the folder, with its processes started. */
async function underWay(directory: string): Promise<{ program: Program; children: number[] }> {
  const program = spoolite('torture', '--seconds', '120', '--directory', directory);
  const children = await eventually(() => {
    const pids = processesNaming(join(directory, 'torture.db'));
    return pids.length >= 6 && pids;
  }, 30_000);
  return { program, children };
}

describe('spoolite torture', () => {
  test('finds no breach, says what it did, and leaves nothing behind', async () => {
    const program = spoolite('torture', '--seconds', '6', '--workers', '3', '--seed', '7', '--json');

    expect(await program.exited).toEqual({ code: 0, signal: null });
    const result = resultOf(program);
    expect(result).toMatchObject({ seed: 7, seconds: 6, servers: 2, workers: 3 });
    expect(result).toMatchObject({ ...BREACH_COUNTS, integrity_check: 'ok', violations: [] });
    expect(result.kills).toBeGreaterThan(0);
    expect(result.executed).toBeGreaterThan(0);
    const finished = result.finished_by_status as Record<string, number>;
    expect(Object.values(finished).reduce((sum, count) => sum + count, 0)).toBe(result.acknowledged);
    const directory = /working in (\S+)/.exec(program.output)?.[1] as string;
    expect(existsSync(directory)).toBe(false);
    expect(processesNaming(directory)).toEqual([]);
  });

  test('shows a table, and keeps a folder that was named', async () => {
    const directory = join(scratchFolder(), 'here');
    const program = spoolite(
      'torture',
      '--seconds',
      '2',
      '--servers',
      '1',
      '--workers',
      '1',
      '--directory',
      directory,
    );

    const { code } = await program.exited;
    // The report first: it names the violation.
    expect(program.output).toMatch(/No violations\.\n/);
    expect(code).toBe(0);
    expect(program.output).toMatch(/Tortured 1 servers and 1 workers for 2 s, seed \d+\./);
    expect(program.output).toMatch(/ {2}acknowledged +\d+\n/);
    expect(program.output).toMatch(/ {2}lost +0\n/);
    expect(program.output).toMatch(/ {2}integrity check +ok\n/);
    expect(readdirSync(directory)).toContain('torture.db');
  });

  test('interrupted, it ends everything it started and judges nothing', async () => {
    const directory = join(scratchFolder(), 'here');
    const { program } = await underWay(directory);

    program.signal('SIGINT');

    expect(await program.exited).toEqual({ code: 130, signal: null });
    expect(program.output).toContain('Interrupted: nothing was checked.');
    expect(processesNaming(directory)).toEqual([]);
  });

  test('killed, it takes everything it started along', async () => {
    const directory = join(scratchFolder(), 'here');
    const { program } = await underWay(directory);

    await program.kill();

    await eventually(() => processesNaming(directory).length === 0);
  });

  test.each([
    [['--seconds', 'soon'], '--seconds must be a number, not "soon".'],
    [['--servers', '0'], '--servers must be greater than or equal to 1, not "0".'],
    [['--seed', '1.5'], '--seed must be an integer, not "1.5".'],
  ])('refuses %j', async (args, sentence) => {
    const program = spoolite('torture', ...args);

    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(program.output).toContain(sentence);
  });

  test('refuses a folder with something in it or that is a file, and touches nothing there', async () => {
    const directory = scratchFolder();
    const file = join(directory, 'mine');
    writeFileSync(file, 'precious');

    const [full, notOne] = [directory, file].map((named) => spoolite('torture', '--directory', named));

    expect(await full?.exited).toEqual({ code: 1, signal: null });
    expect(full?.output).toContain('is not empty: name a new or an empty folder with --directory.');
    expect(await notOne?.exited).toEqual({ code: 1, signal: null });
    expect(notOne?.output).toContain('cannot be created: name another folder with --directory.');
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });
});
