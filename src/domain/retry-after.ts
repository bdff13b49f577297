/** Thrown by a handler: try again after this many seconds, instead of after the usual backoff. */
export class RetryAfter extends Error {
  override readonly name = 'RetryAfter';

  constructor(
    readonly seconds: number,
    message = `Try again in ${seconds} s`,
  ) {
    super(message);
    if (!(seconds >= 0 && Number.isFinite(seconds)))
      throw new TypeError('RetryAfter: seconds must be 0 or more');
  }
}
