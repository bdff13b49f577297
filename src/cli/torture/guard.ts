import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const GUARDIAN = fileURLToPath(new URL('./guardian.js', import.meta.url));

/** Sees to it that no process which was started here stays behind, even when this program is killed. */
export class Guard {
  readonly #guardian: ChildProcessByStdio<Writable, null, null>;

  constructor() {
    // In a group of its own, so that a Ctrl-C for this program does not end it first.
    this.#guardian = spawn(process.execPath, [GUARDIAN], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#guardian.stdin.on('error', () => undefined);
  }

  watch(pid: number): void {
    this.#guardian.stdin.write(`+${pid}\n`);
  }

  forget(pid: number): void {
    this.#guardian.stdin.write(`-${pid}\n`);
  }

  /** Call when nothing is left to guard. */
  close(): void {
    this.#guardian.stdin.end();
  }
}
