import { SpooliteError } from '../../domain/spoolite-error.js';

/** RATE_LIMITED, and when to come again. */
export class RateLimited extends SpooliteError {
  /** Whole seconds, at least 1. */
  readonly retryAfterSeconds: number;

  /** The message is followed by when to try again. */
  constructor(message: string, waitMs: number) {
    const seconds = Math.max(Math.ceil(waitMs / 1000), 1);
    super('RATE_LIMITED', `${message}: try again in ${seconds} s`);
    this.retryAfterSeconds = seconds;
  }
}
