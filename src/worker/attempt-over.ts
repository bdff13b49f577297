import { recognizeAcrossCopies } from '../domain/across-copies.js';

/** Why a handler's signal was aborted. */
export type AttemptEnd = 'timeout' | 'lost' | 'released';

/** The `reason` of a handler's aborted signal. */
export class AttemptOver extends Error {
  override readonly name = 'AttemptOver';
  static {
    recognizeAcrossCopies(AttemptOver, 'AttemptOver');
  }

  constructor(
    readonly end: AttemptEnd,
    message: string,
  ) {
    super(message);
  }
}
