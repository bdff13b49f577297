/** Milliseconds of work in one turn of the event loop. */
const SLICE_MS = 3;

/**
 * Runs pieces of work that many clients cause at once, in the order in which they came: a few milliseconds' worth of them in
 * one turn of the event loop, so that whoever else asks is answered in between.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Runs `work`, which takes no longer than a slice itself, when its turn has come. Settles as it does. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#runSlice);
  }

  readonly #runSlice = (): void => {
    this.#isScheduled = false;
    const end = performance.now() + SLICE_MS;
    let ran = 0;
    for (const work of this.#waiting) {
      ran++;
      work();
      if (performance.now() >= end) break;
    }
    this.#waiting = this.#waiting.slice(ran);
    if (this.#waiting.length > 0) this.#schedule();
  };
}
