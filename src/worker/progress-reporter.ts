import { findJsonProblem } from '../domain/json-problem.js';
import type { Progress } from '../repositories/lease-repository.js';

const isPercent = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 100;

/**
 * Stores a handler's progress, one write at a time: while one is under way only the newest of those that follow is
 * kept, so that a handler may report as often as it likes.
 */
export class ProgressReporter {
  readonly #store: (progress: Progress) => Promise<unknown>;
  #next: Progress | null = null;
  #writing: Promise<void> | null = null;

  constructor(store: (progress: Progress) => Promise<unknown>) {
    this.#store = store;
  }

  report(percent: number, message: string | null): Promise<void> {
    if (!isPercent(percent))
      return Promise.reject(new RangeError(`progress must be 0 to 100, not ${percent}`));
    const problem = findJsonProblem(message);
    if (problem) return Promise.reject(new TypeError(`progress message: ${problem.message}`));
    this.#next = { percent, message };
    this.#writing ??= this.#writeAll();
    // A handler need not await its progress; where the lease is lost, its signal tells it anyway.
    this.#writing.catch(() => undefined);
    return this.#writing;
  }

  /** Resolves when nothing is being written. */
  async flush(): Promise<void> {
    await this.#writing?.catch(() => undefined);
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#next) {
        const progress = this.#next;
        this.#next = null;
        await this.#store(progress);
      }
    } finally {
      this.#writing = null;
    }
  }
}
