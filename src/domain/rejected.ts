/** A handlers module may bring its own copy of this package, whose class is another one with the same mark. */
const MARK: unique symbol = Symbol.for('spoolite.Rejected');

/** Thrown by a handler: this task will never succeed, do not try it again. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly [MARK] = true;
}

export const isRejected = (error: unknown): error is Rejected => Object(error)[MARK] === true;
