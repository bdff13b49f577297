/** Holds the newest state until somebody takes it. For one taker. */
export class Latest<State> {
  #state: State | null = null;
  #failure: { reason: unknown } | null = null;
  #wake: (() => void) | undefined;

  put(state: State): void {
    this.#state = state;
    this.#wake?.();
  }

  /** Whoever takes is told that there will be no more. */
  fail(reason: unknown): void {
    this.#failure = { reason };
    this.#wake?.();
  }

  /** The newest state, as soon as there is one that was not taken before. */
  async take(): Promise<State> {
    while (this.#state === null && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#state === null) throw this.#failure?.reason;
    const state = this.#state;
    this.#state = null;
    return state;
  }
}
