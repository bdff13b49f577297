import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasProgram } from './has-program.js';
import { listening, MAIN, Program, type ServerProcess } from './program.js';
import { scratchFolder } from './scratch-folder.js';

const SOURCE = fileURLToPath(new URL('failing-disk.c', import.meta.url));

/** Whether syncs can be made to fail here: by a library of a few lines that is compiled and loaded before all others. */
export const canFailSyncs = process.platform === 'linux' && hasProgram('cc');

/** A disk that takes every write but, when a test says so, does not sync the write-ahead log. */
export class FailingDisk {
  readonly file: string;
  readonly #library: string;
  readonly #trigger: string;

  constructor() {
    const folder = scratchFolder();
    this.file = join(folder, 'queue.db');
    this.#library = join(folder, 'failing-disk.so');
    this.#trigger = join(folder, 'failing-sync');
    execFileSync('cc', ['-shared', '-fPIC', '-o', this.#library, SOURCE, '-ldl']);
  }

  startServer(): Promise<ServerProcess> {
    const args = [MAIN, 'serve', '--database', this.file, '--port', '0'];
    const env = { LD_PRELOAD: this.#library, FAILING_SYNC: this.#trigger };
    return listening(new Program(process.execPath, args, env));
  }

  failOneSync(): void {
    writeFileSync(this.#trigger, '1');
  }

  failSyncs(): void {
    writeFileSync(this.#trigger, 'all');
  }

  mend(): void {
    rmSync(this.#trigger, { force: true });
  }
}
