import { setTimeout as pause } from 'node:timers/promises';
import { logReaders, processName } from './log-readers.js';

/** Looks, and milliseconds between them: who is there each time reads for long, as an ordinary read takes no millisecond. */
const LOOKS = 4;
const BETWEEN_MS = 50;

type Look = number[] | null;

function inAll(looks: readonly Look[]): string[] | null {
  const [first = null, ...others] = looks;
  return first?.filter((pid) => others.every((look) => look?.includes(pid))).map(processName) ?? null;
}

/**
 * Who reads from the file's write-ahead log without an end in sight, by name; null where the system does not tell. Takes a
 * moment.
 */
export async function lastingReaders(file: string): Promise<string[] | null> {
  const looks: Look[] = [];
  while (looks.length < LOOKS) {
    if (looks.length > 0) await pause(BETWEEN_MS);
    looks.push(logReaders(file));
  }
  return inAll(looks);
}

const sleep = new Int32Array(new SharedArrayBuffer(4));

/** The same for a thread that may stand still meanwhile. */
export function lastingReadersSync(file: string): string[] | null {
  const looks: Look[] = [];
  while (looks.length < LOOKS) {
    if (looks.length > 0) Atomics.wait(sleep, 0, 0, BETWEEN_MS);
    looks.push(logReaders(file));
  }
  return inAll(looks);
}
