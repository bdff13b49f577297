import { systemMonotonic } from '../domain/monotonic.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Milliseconds within which signals count as one: npm passes on to its child what a terminal has sent to both of
 * them already.
 */
const SAME_WISH_MS = 500;

export interface Stoppable {
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

/**
 * Resolves with the exit code once the process has been told to stop and has: 0 when it drained in good order, else,
 * after a second signal, that signal's number plus 128.
 */
export function runUntilSignal(running: Stoppable, say: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let firstAt: number | undefined;
    let exitCode = 0;
    const stop = (options?: { graceSeconds: number }) =>
      running.stop(options).then(() => resolve(exitCode), reject);
    const onSignal = (signal: NodeJS.Signals, code: number): void => {
      if (firstAt === undefined) {
        firstAt = systemMonotonic();
        say(`Finishing what is running; press Ctrl-C or send ${signal} again to give it back.`);
        stop();
      } else if (exitCode === 0 && systemMonotonic() - firstAt > SAME_WISH_MS) {
        exitCode = code;
        say('Giving back what is still running.');
        stop({ graceSeconds: 0 });
      }
    };
    for (const [signal, code] of Object.entries(SIGNALS))
      process.on(signal, () => onSignal(signal as NodeJS.Signals, code));
  });
}
