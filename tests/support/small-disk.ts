import { spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestEnd } from './on-test-end.js';
import { listening, Program, type ServerProcess, spoolite } from './program.js';
import { scratchFolder } from './scratch-folder.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * A disk that a test fills: a small file system of its own where this user may mount one. Elsewhere the writer says
 * that the disk is full, and says so at the same moments: when it commits.
 */
export class SmallDisk {
  readonly file: string;
  readonly #ballast: string;
  readonly isReal: boolean;

  constructor() {
    const folder = scratchFolder();
    this.file = join(folder, 'queue.db');
    this.isReal = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0;
    this.#ballast = this.isReal ? join(folder, 'ballast') : `${this.file}-full`;
    if (this.isReal) onTestEnd(() => spawnSync('umount', ['--lazy', folder]));
  }

  /** A server on this disk; with the path of a handlers module it has a worker inside. */
  startServer(handlers?: string): Promise<ServerProcess> {
    if (this.isReal) {
      const args = ['--database', this.file, '--port', '0'];
      return listening(
        handlers ? spoolite('dev', ...args, '--handlers', handlers) : spoolite('serve', ...args),
      );
    }
    const args = [path('full-disk-server.mjs'), this.file, ...(handlers ? [handlers] : [])];
    return listening(new Program(process.execPath, args));
  }

  fill(): void {
    if (this.isReal) fillWithBytes(this.#ballast);
    else writeFileSync(this.#ballast, '');
  }

  makeRoom(): void {
    rmSync(this.#ballast);
  }
}

function fillWithBytes(file: string): void {
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096);
  try {
    for (;;) writeSync(descriptor, page);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
}
