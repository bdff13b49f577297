import { recognizeAcrossCopies } from './across-copies.js';

/** The task that was waited for did not end in time. It goes on. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout';
  static {
    recognizeAcrossCopies(WaitTimeout, 'WaitTimeout');
  }

  /** `timeout` is in milliseconds. */
  constructor(
    readonly taskId: number,
    readonly timeout: number,
  ) {
    super(`Task ${taskId} was not done within ${timeout} ms`);
  }
}
