import { createInterface } from 'node:readline';

/**
 * A process that outlives whoever started it by a moment: it is told of processes on its standard input (`+pid` when
 * one starts, `-pid` when it has ended), and kills those that are left when that input ends, however it ended.
 */
const alive = new Set<number>();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const pid = Number(line.slice(1));
    if (line.startsWith('+')) alive.add(pid);
    else alive.delete(pid);
  })
  .on('close', () => {
    for (const pid of alive) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  });
