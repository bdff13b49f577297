/** Holds the newest piece of news until it is taken; what nobody has taken is replaced by what comes after it. */
export class Mailbox<T> {
  #news: T | null = null;
  #failure: Error | null = null;
  #isClosed = false;
  #wake: (() => void) | undefined;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  put(news: T): void {
    this.#news = news;
    this.#wake?.();
  }

  /** Whoever takes gets this error, after the news that is there. */
  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  /** Nobody waits for news any more. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** The newest news, as soon as there is any; null once closed. Throws what it was told to. For one taker at a time. */
  async take(): Promise<T | null> {
    if (this.#news === null && this.#failure === null && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#failure && this.#news === null) throw this.#failure;
    const news = this.#isClosed ? null : this.#news;
    this.#news = null;
    return news;
  }
}
