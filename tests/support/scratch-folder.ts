import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestEnd } from './on-test-end.js';

/** A new temporary folder, removed when the test ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-'));
  onTestEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
