import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** Tells processes of this machine from those of others, or of other containers, which number theirs anew. */
const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const ENDS = ['', '-journal', '-wal', '-shm'];

const PART = /^\.([0-9a-f]{8})-(\d+)\.part(?:-journal|-wal|-shm)?$/;

/** Milliseconds after which nobody is still writing what another machine has begun. */
const ABANDONED_MS = 24 * 3_600_000;

/** What a file is called while this process makes it; the name tells whether its maker still lives. */
export const partOf = (file: string): string => `${resolve(file)}.${MACHINE}-${process.pid}.part`;

export function removePart(part: string): void {
  for (const end of ENDS) rmSync(part + end, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isLeftOver(path: string, machine: string, pid: number): boolean {
  // This process makes one copy at a time: what has its number is of an earlier one.
  if (machine === MACHINE) return pid === process.pid || !isAlive(pid);
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_MS;
}

/** Removes what processes that were killed while they made this file have left. */
export function removeLeftOverParts(file: string): void {
  const folder = dirname(resolve(file));
  const name = basename(file);
  for (const other of readdirSync(folder)) {
    const [, machine, pid] = (other.startsWith(name) && PART.exec(other.slice(name.length))) || [];
    if (machine === undefined || pid === undefined) continue;
    const path = join(folder, other);
    if (isLeftOver(path, machine, Number(pid))) rmSync(path, { force: true });
  }
}
