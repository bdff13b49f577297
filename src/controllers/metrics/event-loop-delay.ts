import { Histogram, type HistogramReading } from '../../domain/histogram.js';

/** Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Milliseconds between two samples: an idle server is to stay idle. */
const INTERVAL_MS = 100;

/**
 * Samples how late the event loop is, as something would find it that comes at any moment. Begins when it is read for
 * the first time: who is not monitored pays nothing.
 */
export class EventLoopDelay {
  readonly #stopping: AbortSignal;
  readonly #histogram = new Histogram(BOUNDS);
  #timer: NodeJS.Timeout | undefined;

  /** `stopping` ends it. */
  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  read(): HistogramReading {
    if (!this.#timer && !this.#stopping.aborted) {
      this.#sample();
      this.#stopping.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
    }
    return this.#histogram.read();
  }

  #sample(): void {
    const due = performance.now() + INTERVAL_MS;
    this.#timer = setTimeout(() => {
      this.#histogram.observe(Math.max(performance.now() - due, 0) / 1000);
      if (!this.#stopping.aborted) this.#sample();
    }, INTERVAL_MS).unref();
  }
}
