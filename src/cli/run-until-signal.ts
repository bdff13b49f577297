const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Stoppable {
  stop(options?: { graceSeconds?: number }): Promise<void>;
}

/**
 * Resolves with the exit code once the process has been told to stop and has: 0 when it drained in good order, else,
 * after a second signal, that signal's number plus 128.
 */
export function runUntilSignal(running: Stoppable, say: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let exitCode: number | undefined;
    for (const [signal, code] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (exitCode !== undefined) {
          exitCode = code;
          say('Giving back what is still running.');
          running.stop({ graceSeconds: 0 }).catch(reject);
          return;
        }
        exitCode = 0;
        say(`Finishing what is running; press Ctrl-C or send ${signal} again to give it back.`);
        running.stop().then(() => resolve(exitCode as number), reject);
      });
    }
  });
}
