import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';

const cleanups: (() => unknown)[] = [];

/** Runs `cleanup` when the current test ends, whether it passed or not; the last one first. */
export function onTestEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
});

/** A new temporary folder, removed when the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-'));
  onTestEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new folder with these files in it, by their names. */
export function settingsFolder(files: Record<string, string>): string {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return folder;
}
