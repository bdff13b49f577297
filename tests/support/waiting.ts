import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';

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

/** Resolves once the condition holds; rejects when it does not within the deadline. */
export async function until(condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Not within ${deadlineMs} ms: ${condition}`);
    await turn();
  }
}

/** Something to wait for that a test opens. */
export class Gate<T = void> {
  readonly passed: Promise<T>;
  open!: (value: T) => void;

  constructor() {
    this.passed = new Promise((resolve) => {
      this.open = resolve;
    });
  }
}

/** All that comes, up to `most`. */
export async function collect<Item>(
  source: AsyncIterable<Item>,
  most = Number.POSITIVE_INFINITY,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) {
    items.push(item);
    if (items.length >= most) break;
  }
  return items;
}
