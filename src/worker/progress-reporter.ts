import type { Progress } from '../repositories/lease-repository.js';
import { storableText } from './storable-text.js';

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

  report(percent: number, message?: string | null): Promise<void> {
    const reported = this.#report(percent, message ?? null);
    // A handler need not await its progress: what it does not await must not end the process.
    reported.catch(() => undefined);
    return reported;
  }

  /** Resolves when nothing is being written. */
  async flush(): Promise<void> {
    await this.#writing?.catch(() => undefined);
  }

  #report(percent: number, message: string | null): Promise<void> {
    if (!isPercent(percent))
      return Promise.reject(new RangeError(`progress must be 0 to 100, not ${storableText(() => percent)}`));
    this.#next = { percent, message: message === null ? null : storableText(() => message) };
    this.#writing ??= this.#writeAll();
    return this.#writing;
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
