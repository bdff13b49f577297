import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A process that outlives the torture by a moment. It reads the path of the tortured database and a NUL from its standard
 * input. When nothing follows before that input ends, the torture was killed: it then kills the processes that have the
 * path as an argument.
 */

const SWEEPS = 10;

/** A process that was started just before is found as soon as it has its command line. */
const PAUSE_MS = 100;

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended.
    return [];
  }
}

function pidsWithArgument(argument: string): number[] {
  if (existsSync('/proc/self/cmdline')) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.filter((pid) => argumentsOf(pid).includes(argument)).map(Number);
  }
  const lines = execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => `${line} `.includes(` ${argument} `))
    .map((line) => Number.parseInt(line, 10));
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
const [database = '', done] = input.split('\0');
for (let sweep = 0; done === '' && sweep < SWEEPS; sweep++) {
  pidsWithArgument(database).forEach(kill);
  await delay(PAUSE_MS);
}
