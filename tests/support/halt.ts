import { spawnSync } from 'node:child_process';
import { eventually } from './eventually.js';
import { lockFile } from './file-lock.js';
import type { Program } from './program.js';

const stateOf = ({ pid }: Program): string =>
  spawnSync('ps', ['-o', 'state=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();

/**
 * Stops a process (SIGSTOP) for sure at a moment when it does not hold the write lock of the file: nobody else could
 * write until it goes on.
 */
export async function halt(program: Program, file: string): Promise<void> {
  const unlock = lockFile(file);
  program.signal('SIGSTOP');
  await eventually(() => stateOf(program).startsWith('T'));
  unlock();
}
