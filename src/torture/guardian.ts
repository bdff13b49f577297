import { createInterface } from 'node:readline';

/**
 * A process that briefly outlives its parent: it reads process ids on its standard input (`+pid` at a start, `-pid` at
 * an end), and kills the remaining ones when that input ends for any reason.
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
        // It has already ended.
      }
    }
  });
