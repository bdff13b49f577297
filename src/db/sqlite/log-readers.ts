import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Bytes of the `-shm` file that stand for readers: https://www.sqlite.org/walformat.html */
const FIRST_READ_BYTE = 123;
const LAST_READ_BYTE = 127;

/** A line of /proc/locks that holds a lock: `1: POSIX  ADVISORY  READ 4711 fd:01:1835012 124 124`. */
const LOCK = /^\d+: +POSIX +\S+ +READ +(\d+) +[\da-f]+:[\da-f]+:(\d+) +(\d+) +(\d+)$/gm;

/**
 * Processes that read from the file's write-ahead log at this moment, by their ids; null where the system does not tell (only
 * Linux does). The `-shm` file must not be opened for this: closing it would take this process its own locks.
 */
export function logReaders(file: string): number[] | null {
  try {
    const { ino } = statSync(`${file}-shm`, { bigint: true });
    const locks = [...readFileSync('/proc/locks', 'latin1').matchAll(LOCK)];
    const reading = locks.filter(
      ([, , inode, first, last]) =>
        inode === String(ino) && Number(first) <= LAST_READ_BYTE && Number(last) >= FIRST_READ_BYTE,
    );
    return [...new Set(reading.map(([, pid]) => Number(pid)))];
  } catch {
    return null;
  }
}

/** A name without folders: `/usr/bin/python3 /srv/report.py` → `python3 report.py`. */
const shortName = ([program = '', ...args]: string[]): string =>
  [program, ...args.filter((arg) => !arg.startsWith('-')).slice(0, 1)]
    .map((part) => basename(part))
    .join(' ')
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 80);

/** How people know a process: what it runs, and its id. */
export function processName(pid: number): string {
  if (pid === process.pid) return `this program itself (process ${pid})`;
  try {
    const name = shortName(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean));
    if (name !== '') return `${name} (process ${pid})`;
  } catch {
    // It has ended, or is in another container.
  }
  return pid > 0 ? `process ${pid}` : 'a process of another container';
}
