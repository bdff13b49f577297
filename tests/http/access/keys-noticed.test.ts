import { once } from 'node:events';
import { watch } from 'node:fs';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { setPrincipal } from '../../../src/auth/access-control.js';
import { ApiKeyCache } from '../../../src/auth/api-key-cache.js';
import { ConcurrencyLimiter, LongPollRegistry } from '../../../src/auth/long-polls.js';
import { createApp, systemClock } from '../../../src/index.js';
import { ADMINISTRATOR, makeKey, withKeys } from '../../support/access.js';
import { onTestEnd, scratchFolder } from '../../support/cleanup.js';
import { inFile, openOnFile } from '../../support/sqlite.js';

test('a key counts from the moment on at which the process is notified of it', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const app = createApp({ database: file });
  onTestEnd(() => app.stop());
  expect(await app.isOpen()).toBe(true);
  // Called right after the app's own watch of this file, and before anything else happens.
  const notified = watch(`${file}-wake`);
  onTestEnd(() => notified.close());
  const seen = once(notified, 'change').then(() => app.isOpen());
  let isOpenThen: Promise<boolean> | undefined;
  notified.once('change', () => {
    isOpenThen = app.isOpen();
  });
  await makeKey(file, ['read']);
  await seen;
  expect(await isOpenThen).toBe(false);
});

/** A cache with one key, whose storage cannot be read until that is mended. */
async function unreadable() {
  const file = join(scratchFolder(), 'queue.db');
  const storage = openOnFile(systemClock, file);
  onTestEnd(() => storage.close());
  await makeKey(file, ['read'], { name: 'robot' });
  const { keys } = storage.repositories;
  const [key = null] = await keys.list();
  const setScopes = (text: string) =>
    inFile(file, (client) => client.prepare('update api_keys set scopes = ?').run(text));
  setScopes('nonsense');
  return { file, key, keyCache: new ApiKeyCache(keys, systemClock), mend: () => setScopes('["read"]') };
}

test('a wait that cannot begin, as the keys cannot be read, takes no place', async () => {
  const { key, keyCache, mend } = await unreadable();
  const waits = new LongPollRegistry(
    new AbortController().signal,
    keyCache,
    new ConcurrencyLimiter({ perClient: 1, total: 1 }),
  );
  const res = new ServerResponse(new IncomingMessage(new Socket()));
  setPrincipal(res, { name: 'robot', key, scopes: ['read'], seesPayloads: true, endsAt: null }, null);
  const begin = () => waits.begin(res, Number.POSITIVE_INFINITY, () => undefined);
  for (let n = 0; n < 2; n++) await expect(begin()).rejects.toThrow('The keys cannot be read');
  expect([waits.open, res.listenerCount('close')]).toEqual([{ wait: 0, stream: 0 }, 0]);
  mend();
  (await begin())();
});

test('what could not be followed, as the keys could not be read, is not told of later', async () => {
  const { file, key, keyCache, mend } = await unreadable();
  const told: string[] = [];
  const following = keyCache.onEnd({ key, endsAt: null }, () => told.push('unreadable'));
  await expect(following).rejects.toThrow('cannot be read');
  mend();
  const ended = new Promise<void>((resolve) => {
    void keyCache.onEnd({ key, endsAt: null }, () => {
      told.push('revoked');
      resolve();
    });
  });
  await withKeys(file, (administration) => administration.revoke('robot', ADMINISTRATOR));
  await ended;
  expect(told).toEqual(['revoked']);
});
