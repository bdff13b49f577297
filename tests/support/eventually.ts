import { setTimeout as delay } from 'node:timers/promises';

/**
 * Resolves to what `look` gives as soon as that is truthy; rejects when it is not within `deadlineMs`. For what
 * other processes do, or the disk: what this process does itself is awaited directly.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  deadlineMs = 60_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`Not within ${deadlineMs} ms: ${look}`);
    await delay(10);
  }
}
