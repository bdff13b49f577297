import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const GUARDIAN = fileURLToPath(new URL('./guardian.js', import.meta.url));

/** Kills the processes on a database when this program is killed: none of them stays behind. */
export class Guard {
  readonly #guardian: ChildProcessByStdio<Writable, null, null>;

  constructor(database: string) {
    // In a group of its own, so that a Ctrl-C for this program does not end it first.
    this.#guardian = spawn(process.execPath, [GUARDIAN], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#guardian.stdin.on('error', () => undefined);
    this.#guardian.stdin.write(`${database}\0`);
  }

  /** Call when nothing is left to guard. */
  close(): void {
    this.#guardian.stdin.end('done');
  }
}
