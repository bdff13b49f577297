import { SpooliteError } from './spoolite-error.js';

/**
 * A write that may or may not be stored: the storage failed at the moment of the commit. Over HTTP it gets no answer, as any
 * answer would claim to know. To send it again is safe with an idempotency key, or with the lease token of a settle.
 */
export class OutcomeUnknown extends SpooliteError {
  constructor(cause: unknown) {
    super('INTERNAL_ERROR', 'The storage failed during the commit: the write may be stored or not');
    this.cause = cause;
  }
}
