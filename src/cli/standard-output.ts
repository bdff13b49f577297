import { neverWait } from '../standard-error.js';

/** A reader that has had enough (`| head`) is no error. */
function onFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  console.error(`spoolite: Standard output could not be written: ${error.message}.`);
  process.exit(1);
}

/** For commands whose output is what they are for: they end when it cannot be written. What goes to standard error may get lost. */
export function endWithoutOutput(): void {
  process.stdout.on('error', onFailedOutput);
  process.stderr.on('error', () => undefined);
}

/** For commands that keep running: they go on when nobody takes what they print. */
export function goOnWithoutOutput(): void {
  process.stdout.off('error', onFailedOutput).on('error', () => undefined);
  neverWait(process.stdout);
}
