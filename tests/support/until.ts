import { setImmediate as turn } from 'node:timers/promises';

/** Resolves once the condition holds; rejects when it does not within the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${condition}`);
    await turn();
  }
}
