import { setTimeout as delay } from 'node:timers/promises';
import { MAIN, Program } from './program.js';

/** How a command that was to be killed has ended: it may have been too quick. */
export interface Killed {
  finished: boolean;
}

/**
 * Starts `spoolite` with these arguments, and kills it when `begun` says that it is at its work, after as many milliseconds
 * more as are given.
 */
export async function killedHalfway(
  args: readonly string[],
  begun: () => boolean,
  afterMs: number,
): Promise<Killed> {
  const program = new Program(process.execPath, [MAIN, ...args]);
  while (program.isRunning && !begun()) await delay(1);
  await delay(afterMs);
  program.signal('SIGKILL');
  const { code } = await program.exited;
  return { finished: code === 0 };
}
