import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A process that outlives the torture by a moment. It reads the path of the tortured database from its standard input, and
 * kills the processes that name it once that input ends without a second line: then the torture was killed.
 */

const SWEEPS = 10;

/** A process that was started just before is found as soon as it has its command line. */
const PAUSE_MS = 100;

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function pidsNaming(text: string): number[] {
  if (existsSync('/proc/self/cmdline')) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => commandOf(pid).includes(text)).map(Number);
  }
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text)).map((line) => Number.parseInt(line, 10));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

let input = '';
for await (const text of process.stdin.setEncoding('utf8')) input += text;
const [database, ...more] = input.split('\n').filter((line) => line !== '');
for (let sweep = 0; database !== undefined && more.length === 0 && sweep < SWEEPS; sweep++) {
  pidsNaming(database).forEach(kill);
  await delay(PAUSE_MS);
}
