/** Lets a loop sleep until somebody has news for it. News that came while it was awake ends the next sleep at once. */
export class WakeUp {
  #pending = false;
  #wake: (() => void) | undefined;

  readonly signal = (): void => {
    this.#pending = true;
    this.#wake?.();
  };

  /** Resolves after `signal()`, or after so many milliseconds. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#pending = false;
    this.#wake = undefined;
  }
}
