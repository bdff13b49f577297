import { recognizeAcrossCopies } from './across-copies.js';

/** Thrown by a handler: this task will never succeed, do not try it again. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  static {
    recognizeAcrossCopies(Rejected, 'Rejected');
  }
}

export const isRejected = (error: unknown): error is Rejected => error instanceof Rejected;
