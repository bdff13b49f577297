import { createInterface } from 'node:readline/promises';

/** Asks a person to type the number; resolves to whether it was that. Rejects with the signal's reason. */
export async function confirmCount(question: string, count: number, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C comes as a letter while a line is typed; it shall end the program as everywhere else.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const typed = await terminal.question(question, { signal });
    return typed.trim().replaceAll(/[,. ]/g, '') === String(count);
  } finally {
    terminal.close();
  }
}
