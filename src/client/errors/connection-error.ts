import { recognizeAcrossCopies } from './across-copies.js';

/**
 * There was no answer: nobody listens there, the connection was lost, or it took too long. What a write has done by then
 * is not known; with an idempotency key it can simply be sent again.
 */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  static {
    recognizeAcrossCopies(ConnectionError, 'ConnectionError');
  }

  /** `url` is that of the server. */
  constructor(
    message: string,
    readonly url: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
