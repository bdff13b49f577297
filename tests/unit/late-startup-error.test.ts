import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { type AppOptions, createApp } from '../../src/index.js';
import { scratchFolder } from '../support/cleanup.js';
import { eventually } from '../support/waiting.js';

/** Whether no connection to the file is open: only then does SQLite leave WAL mode. */
function isClosed(file: string): boolean {
  const client = new Database(file, { timeout: 0 });
  try {
    return client.pragma('journal_mode = delete', { simple: true }) === 'delete';
  } catch {
    return false;
  } finally {
    client.close();
  }
}

describe('an app that cannot be made once its file is open', () => {
  test.each<[string, Partial<AppOptions>]>([
    ['by a proxy that is no address', { trustProxy: ['not an address'] }],
    ['by a rate that is none', { writesPerMinute: -1 }],
  ])('closes it: %s', async (_, options) => {
    const file = join(scratchFolder(), 'queue.db');
    expect(() => createApp({ database: file, ...options })).toThrow(RangeError);
    await eventually(() => isClosed(file));
    const app = createApp({ database: file });
    await app.queue.enqueue({ type: 'mail' });
    expect(isClosed(file)).toBe(false);
    await app.stop();
  });
});
