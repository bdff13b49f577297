import type { Torture } from './torture.js';

const REWRITE_MS = 200;
const LINE_MS = 5_000;

const CLEAR_LINE = '\r\u001b[K';

/** Says how it goes while it runs: one line that is rewritten on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  readonly #torture: Torture;
  readonly #seconds: number;
  readonly #started = Date.now();
  readonly #terminal = process.stderr.isTTY;
  readonly #timer: NodeJS.Timeout;

  constructor(torture: Torture, seconds: number) {
    this.#torture = torture;
    this.#seconds = seconds;
    this.#timer = setInterval(() => this.#show(), this.#terminal ? REWRITE_MS : LINE_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    if (this.#terminal) process.stderr.write(CLEAR_LINE);
  }

  #show(): void {
    const { acknowledged, kills, stops, terminations } = this.#torture.figures;
    const elapsed = Math.floor((Date.now() - this.#started) / 1000);
    const phase = elapsed <= this.#seconds ? `${elapsed} s of ${this.#seconds}` : `${elapsed} s, draining`;
    const text = `${phase}: ${acknowledged} acknowledged, ${this.#torture.backlog} to do; ${kills} kills, ${stops} stops, ${terminations} terminations`;
    process.stderr.write(this.#terminal ? `${CLEAR_LINE}${text}` : `${text}\n`);
  }
}
