import { closeSync, openSync, readSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { readHeader, readLine } from './transfer/lines.js';
import { LineProblem, type TransferHeader, type TransferTask } from './transfer/transfer-task.js';

/** A task and its line in the file, counted from 1. */
export interface LineTask {
  line: number;
  task: TransferTask;
}

/** The error for an unreadable file of tasks. */
export const unreadable = (name: string, cause: unknown): UserError =>
  new UserError(
    `${name} cannot be read (${(cause as NodeJS.ErrnoException).code}): give this user permission to read it.`,
    { cause },
  );

/** A file in the format of `spoolite export`. */
export class TaskFile {
  readonly #path: string;
  /** The file's name for people. */
  readonly #name: string;
  readonly header: TransferHeader;

  /** Throws {@link UserError} for an invalid first line. */
  constructor(path: string, name: string) {
    this.#path = path;
    this.#name = name;
    this.header = this.#readHeader();
  }

  /** Runs `read`, and adds the line number to its errors. */
  at<T>(line: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof LineProblem)
        throw new UserError(`${this.#name}, line ${line}: ${error.message}.`, { cause: error });
      throw error;
    }
  }

  /**
   * The tasks, in order of id. Throws {@link UserError} with the number of the invalid line, or if the file is
   * truncated.
   */
  *tasks(): Generator<LineTask> {
    let last = 0;
    let count = 0;
    let lastId = 0;
    let end: number | null = null;
    for (const { line, text } of this.#lines()) {
      last = line;
      if (line === 1) continue;
      const found = this.at(line, () => {
        if (end !== null) throw new LineProblem('unexpected data after the last line');
        return readLine(text, this.header);
      });
      if (typeof found === 'number') {
        end = found;
        continue;
      }
      this.at(line, () => {
        if (found.id <= lastId) throw new LineProblem('task_id must be above that of the line before');
      });
      lastId = found.id;
      count++;
      yield { line, task: found };
    }
    this.at(last, () => {
      if (end === null) throw new LineProblem('the file was cut off here: its last line is missing');
      if (end !== count) throw new LineProblem(`there must be ${end} tasks, but there are ${count}`);
    });
  }

  #readable<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      throw unreadable(this.#name, error);
    }
  }

  #readHeader(): TransferHeader {
    for (const { line, text } of this.#lines()) return this.at(line, () => readHeader(text));
    return this.at(1, () => {
      throw new LineProblem('the file is empty');
    });
  }

  /** Its lines with their numbers, which errors in reading include. */
  *#lines(): Generator<{ line: number; text: string }> {
    const texts = fileLines(this.#path);
    try {
      for (let line = 1; ; line++) {
        const next = this.at(line, () => this.#readable(() => texts.next()));
        if (next.done) return;
        yield { line, text: next.value };
      }
    } finally {
      texts.return(undefined);
    }
  }
}

const CHUNK_BYTES = 256 * 1024;

/** Most that can be parsed in memory. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

const LINE_FEED = 10;

function decoded(parts: readonly Buffer[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)).replace(/\r$/, '');
  } catch {
    throw new LineProblem('this is not UTF-8');
  }
}

function* chunksOf(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const bytes = readSync(descriptor, chunk);
      if (bytes === 0) return;
      yield chunk.subarray(0, bytes);
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The lines of a text, without line ends; memory grows only with the longest one. Throws {@link LineProblem}. */
export function* fileLines(file: string): Generator<string> {
  let begun: Buffer[] = [];
  let length = 0;
  for (const chunk of chunksOf(file)) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      yield decoded([...begun, chunk.subarray(from, end)]);
      from = end + 1;
      begun = [];
      length = 0;
    }
    begun.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > MAX_LINE_BYTES) throw new LineProblem(`longer than ${MAX_LINE_BYTES} bytes`);
  }
  if (length > 0) yield decoded(begun);
}
