import { write, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** Accepts finished lines. */
export interface LineStream {
  write(line: string): unknown;
}

/** Characters that may wait for a slow output; further lines are dropped. */
const MAX_PENDING = 1_000_000;

const LINE_FEED = 10;

const countLines = (bytes: Buffer): number =>
  bytes.reduce((sum, byte) => (byte === LINE_FEED ? sum + 1 : sum), 0);

/**
 * Writes log lines to an output that may fail in any way, without ever failing or blocking itself: lines that cannot be
 * written are dropped and counted, and the count is logged once the output works again. Lines of one turn of the event
 * loop are joined into one write: a busy server answers many requests in one turn, and a write per line costs more than
 * the line.
 */
export class LineSink implements LineStream {
  readonly #output: TextOutput;
  readonly #notice: (dropped: number) => string;
  #pending = '';
  /** A write is in progress, or scheduled for the end of this turn. */
  #isBusy = false;
  #dropped = 0;
  /** Dropped lines that the log does not mention yet. */
  #unreported = 0;
  /** The output ended in the middle of a line. */
  #isTorn = false;

  /** `notice` formats the line that reports dropped lines. */
  constructor(output: TextOutput, notice: (dropped: number) => string) {
    this.#output = output;
    this.#notice = notice;
    process.once('exit', () => this.#writeRest());
  }

  /** Lines that could not be written so far. */
  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    if (this.#pending.length + line.length > MAX_PENDING) {
      this.#drop(1);
      return;
    }
    this.#pending += line;
    if (this.#isBusy) return;
    this.#isBusy = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const text = this.#pending;
    const prefix = this.#prefix();
    const reported = this.#unreported;
    this.#pending = '';
    this.#unreported = 0;
    this.#output.write(prefix + text, (rest) => {
      if (rest) this.#failed(rest, { prefix, text, reported });
      else this.#isTorn = false;
      if (this.#pending === '') this.#isBusy = false;
      else this.#flush();
    });
  };

  /** Writes the lines of the turn in which the process ends. */
  #writeRest(): void {
    const rest = this.#prefix() + this.#pending;
    if (rest !== '') this.#output.writeNow(rest);
  }

  #failed(
    rest: Buffer,
    { prefix, text, reported }: { prefix: string; text: string; reported: number },
  ): void {
    const whole = Buffer.from(prefix + text);
    const taken = whole.length - rest.length;
    const isReported = taken >= Buffer.byteLength(prefix);
    if (taken > 0) this.#isTorn = whole[taken - 1] !== LINE_FEED;
    if (!isReported) this.#unreported += reported;
    this.#drop(countLines(isReported ? rest : Buffer.from(text)));
  }

  #drop(count: number): void {
    this.#dropped += count;
    this.#unreported += count;
  }

  /** Text to insert before the next line. */
  #prefix(): string {
    if (this.#unreported === 0) return '';
    return (this.#isTorn ? '\n' : '') + this.#notice(this.#unreported);
  }
}

/** An output for text that may accept it slowly, in part, or not at all. */
export interface TextOutput {
  /** Calls `onDone` with the bytes that were not accepted; null if all were. Never throws. */
  write(text: string, onDone: (rest: Buffer | null) => void): void;
  /** For a process that is ending: writes what is possible without waiting. Never throws. */
  writeNow(text: string): void;
}

const STDERR = 2;

/**
 * Makes writes to a terminal return at once, like those to pipes and sockets. Node's block, and a paused terminal
 * (Ctrl-S) would stop the whole program. There is no public API for it.
 */
export function makeNonBlocking(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(isBlocking: boolean): void } };
  handle?.setBlocking?.(false);
}

/** A pipe, a socket or a terminal. Unread lines are buffered here, and lost when the process ends. */
function streamOutput(stream: NodeJS.WriteStream): TextOutput {
  makeNonBlocking(stream);
  // Each write reports its own error; without a listener the first one would end the process.
  stream.on('error', () => undefined);
  return {
    write: (text, onDone) => void stream.write(text, (error) => onDone(error ? Buffer.from(text) : null)),
    writeNow: (text) => void stream.write(text),
  };
}

/** A file. Writes are asynchronous: a disk may be slow. */
function fileOutput(descriptor: number): TextOutput {
  const writeRest = (rest: Buffer, onDone: (rest: Buffer | null) => void): void =>
    write(descriptor, rest, (error, count) => {
      if (error || count === 0) onDone(rest);
      else if (count === rest.length) onDone(null);
      else writeRest(rest.subarray(count), onDone);
    });
  return {
    write: (text, onDone) => writeRest(Buffer.from(text), onDone),
    writeNow(text) {
      try {
        writeSync(descriptor, text);
      } catch {
        // The process is ending; there is nowhere to report it.
      }
    },
  };
}

/** The process's standard error, whatever it is connected to. */
export const standardError = (): TextOutput =>
  process.stderr instanceof Socket ? streamOutput(process.stderr) : fileOutput(STDERR);
