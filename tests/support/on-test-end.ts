import { afterEach } from '@jest/globals';

const cleanups: (() => unknown)[] = [];

/** Runs `cleanup` when the current test ends, whether it passed or not; the last one first. */
export function onTestEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
});
