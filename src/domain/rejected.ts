/** Thrown by a handler: this task will never succeed, do not try it again. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
}
