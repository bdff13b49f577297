const REWRITE_MS = 200;

const CLEAR_LINE = '\r\u001b[K';

/** Says on a terminal how many tasks it has come to, on one line that is rewritten; nothing elsewhere. */
export class TaskCount {
  readonly #done: string;
  #of: number | null = null;
  #shownAt = performance.now();
  total = 0;

  /** `done` is the word for what becomes of them. */
  constructor(done: string) {
    this.#done = done;
  }

  /** How many there are in all, once that is known. */
  expect(count: number): void {
    this.#of = count;
  }

  /** Not by a timer: what is counted leaves no time for one. */
  add(count: number): void {
    this.total += count;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < REWRITE_MS) return;
    this.#shownAt = now;
    const of = this.#of === null ? '' : ` of ${this.#of}`;
    process.stderr.write(`${CLEAR_LINE}${this.total}${of} tasks ${this.#done}`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  }
}
