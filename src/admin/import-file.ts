import { closeSync, openSync, readSync } from 'node:fs';
import { UserError } from '../core/errors.js';
import { readHeader, readLine } from './transfer/lines.js';
import { LineProblem, type TransferHeader, type TransferTask } from './transfer/transfer-task.js';

/** A task, and where in the file it stands; lines are counted from 1. */
export interface LineTask {
  line: number;
  task: TransferTask;
}

/** What the system says of a file of tasks that it does not let us read. */
export const unreadable = (name: string, cause: unknown): UserError =>
  new UserError(
    `${name} cannot be read (${(cause as NodeJS.ErrnoException).code}): give this user permission to read it.`,
    { cause },
  );

/** A file that `spoolite export` has written, or somebody else in its format. */
export class TaskFile {
  readonly #path: string;
  /** What people know the file by. */
  readonly #name: string;
  readonly header: TransferHeader;

  /** Throws {@link UserError} when the first line is not what it should be. */
  constructor(path: string, name: string) {
    this.#path = path;
    this.#name = name;
    this.header = this.#readHeader();
  }

  /** Has what goes wrong say in which line; returns what `read` does. */
  at<T>(line: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (error instanceof LineProblem)
        throw new UserError(`${this.#name}, line ${line}: ${error.message}.`, { cause: error });
      throw error;
    }
  }

  /** The tasks, in order of id. Throws {@link UserError} saying which line is wrong, or that the file was cut off. */
  *tasks(): Generator<LineTask> {
    let last = 0;
    let count = 0;
    let lastId = 0;
    let end: number | null = null;
    for (const { line, text } of this.#lines()) {
      last = line;
      if (line === 1) continue;
      const found = this.at(line, () => {
        if (end !== null) throw new LineProblem('there must be nothing after the last line');
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
      throw new LineProblem('there is nothing in it');
    });
  }

  /** Its lines with their numbers. What goes wrong in reading one says which it is. */
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

/** As much as can be taken apart in memory. */
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

/** The lines of a text, without what ends them; memory grows with the longest one only. Throws {@link LineProblem}. */
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
