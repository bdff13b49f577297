import { appendFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { ResultRow } from './result-row.js';

/** Results as JSON lines, one file per run; the first line says where they were measured. */
export class ResultsFile {
  readonly path: string;

  constructor(folder: string, plan: object) {
    const startedAt = new Date().toISOString();
    this.path = join(folder, `${startedAt.replaceAll(':', '-')}.jsonl`);
    this.#append({ startedAt, node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, plan });
  }

  add(row: ResultRow): void {
    this.#append(row);
  }

  #append(line: object): void {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }
}
