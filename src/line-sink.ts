import type { TextOutput } from './standard-error.js';

/** Takes finished lines. */
export interface LineStream {
  write(line: string): unknown;
}

/** Characters that may wait for an output that is slow; further lines are dropped. */
const MOST_WAITING = 1_000_000;

const LINE_FEED = 10;

const countLines = (bytes: Buffer): number =>
  bytes.reduce((sum, byte) => (byte === LINE_FEED ? sum + 1 : sum), 0);

/**
 * Brings the lines of a log to an output that may fail in any way, without ever failing or waiting itself: lines that cannot
 * be written are dropped and counted, and the count is written once the output works again. Lines of one turn of the
 * event loop are gathered into one write: a busy server answers many requests in one turn, and to write the line of each by
 * itself costs more than to make it.
 */
export class LineSink implements LineStream {
  readonly #output: TextOutput;
  readonly #notice: (dropped: number) => string;
  #waiting = '';
  /** A write is under way, or will be at the end of this turn. */
  #isBusy = false;
  #dropped = 0;
  /** Those among them that the log does not mention yet. */
  #unreported = 0;
  /** The output has the beginning of a line that has no end. */
  #isTorn = false;

  /** `notice` makes the line which says how many are missing. */
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
    if (this.#waiting.length + line.length > MOST_WAITING) {
      this.#drop(1);
      return;
    }
    this.#waiting += line;
    if (this.#isBusy) return;
    this.#isBusy = true;
    setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const text = this.#waiting;
    const prefix = this.#prefix();
    const reported = this.#unreported;
    this.#waiting = '';
    this.#unreported = 0;
    this.#output.write(prefix + text, (rest) => {
      if (rest) this.#failed(rest, { prefix, text, reported });
      else this.#isTorn = false;
      if (this.#waiting === '') this.#isBusy = false;
      else this.#flush();
    });
  };

  /** What a process has to say in the turn in which it ends. */
  #writeRest(): void {
    const rest = this.#prefix() + this.#waiting;
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

  /** What goes ahead of the next text. */
  #prefix(): string {
    if (this.#unreported === 0) return '';
    return (this.#isTorn ? '\n' : '') + this.#notice(this.#unreported);
  }
}
