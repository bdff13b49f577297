import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { LoggingServer, SmallDisk } from '../support/fault-injection.js';
import { describeWith } from '../support/processes.js';
import { Program } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const ENDED_WELL = { code: 0, signal: null };

/** A pipe that is never closed, and that nobody reads unless a test does. */
const UNREAD = '3<>"$D/pipe" 2>"$D/pipe"';

const parsed = (line: string): Record<string, unknown> | null => {
  try {
    return JSON.parse(line);
  } catch {
    return null; // The beginning of a line that did not fit.
  }
};

/** How many requests a log tells of, and how many lines it says are missing. */
function counted(log: string): { told: number; missing: number } {
  const lines = log.split('\n').map(parsed);
  const missing = lines.reduce((sum, line) => sum + Number(line?.dropped ?? 0), 0);
  return { told: lines.filter((line) => line?.path).length, missing };
}

describe('a server whose log cannot be written serves, counts what is lost, and ends when told to', () => {
  test.each([
    ['no room', '2>/dev/full'],
    ['no room, for output either', '>/dev/full 2>&1'],
    ['a reader that has gone', '2> >(head -n 1 >/dev/null)'],
    ['a reader that has gone, of output too', '> >(true) 2>&1'],
    ['nobody who reads', UNREAD],
    ['nobody who reads, output neither', '3<>"$D/pipe" >"$D/pipe" 2>&1'],
    ['closed', '2>&-'],
  ])('%s', async (_, redirection) => {
    const server = await LoggingServer.startUnheard(redirection);
    if (redirection !== '2>&-') expect(await server.logUntilDropped()).toBeGreaterThan(0);
    expect(await server.stop()).toEqual(ENDED_WELL);
  });
});

test('when a full disk has room again, the log goes on, and says how many lines are missing', async () => {
  const disk = new SmallDisk();
  if (!disk.isReal) return;
  const server = await LoggingServer.start(`2>>${disk.file}.log`);
  await server.log(5);
  disk.fill();
  const dropped = await server.logUntilDropped();
  disk.makeRoom();
  await server.log(5);
  expect(await server.stop()).toEqual(ENDED_WELL);
  const { told, missing } = counted(readFileSync(`${disk.file}.log`, 'utf8'));
  expect(missing).toBeGreaterThanOrEqual(dropped);
  expect(told + missing).toBe(server.requests);
});

test('when somebody reads a pipe again, the log goes on, and says how many lines are missing', async () => {
  const folder = scratchFolder();
  const server = await LoggingServer.start(UNREAD, folder);
  const dropped = await server.logUntilDropped();
  const reader = new Program('cat', [join(folder, 'pipe')]);
  await eventually(() => reader.stdout.includes('"dropped":'));
  await server.log(5);
  expect(await server.stop()).toEqual(ENDED_WELL);
  await reader.exited;
  const { told, missing } = counted(reader.stdout);
  expect(missing).toBeGreaterThanOrEqual(dropped);
  expect(told + missing).toBe(server.requests);
});

describeWith('python3', 'a server in a terminal', () => {
  test('goes on while its output is paused, and ends when told to', async () => {
    const server = await LoggingServer.inTerminal();
    server.program.type('\x13');
    expect(await server.logUntilDropped()).toBeGreaterThan(0);
    expect(await server.stop()).toEqual(ENDED_WELL);
  });
});
