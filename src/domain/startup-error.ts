import { recognizeAcrossCopies } from './across-copies.js';

/** Something that must be put right before the program can start; the message says what and how. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  static {
    recognizeAcrossCopies(StartupError, 'StartupError');
  }
}
