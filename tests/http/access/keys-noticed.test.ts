import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { KeyRing } from '../../../src/controllers/access/key-ring.js';
import { createApp, systemClock } from '../../../src/index.js';
import { ADMINISTRATOR, makeKey, withKeys } from '../../support/access/with-keys.js';
import { onTestEnd } from '../../support/on-test-end.js';
import { inFile } from '../../support/queue-file.js';
import { scratchFolder } from '../../support/scratch-folder.js';
import { openOnFile } from '../../support/sqlite-engines.js';

test('a key counts from the moment on at which the process is notified of it', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const app = createApp({ database: file });
  onTestEnd(() => app.stop());
  expect(app.isOpen).toBe(true);
  // Called right after the app's own watch of this file, and before anything else happens.
  const notified = watch(`${file}-wake`);
  onTestEnd(() => notified.close());
  const seen = once(notified, 'change').then(() => app.isOpen);
  let isOpenThen: boolean | undefined;
  notified.once('change', () => {
    isOpenThen = app.isOpen;
  });
  makeKey(file, ['read']);
  await seen;
  expect(isOpenThen).toBe(false);
});

test('what could not be followed, as the keys could not be read, is not told of later', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const storage = openOnFile(systemClock, file);
  onTestEnd(() => storage.close());
  makeKey(file, ['read'], { name: 'robot' });
  const { keys } = storage.repositories;
  const [key = null] = keys.list();
  const ring = new KeyRing(keys, systemClock);
  const told: string[] = [];
  inFile(file, (client) => client.exec("update api_keys set scopes = 'nonsense'"));
  expect(() => ring.onEnd({ key, endsAt: null }, () => told.push('unreadable'))).toThrow('cannot be read');
  inFile(file, (client) => client.exec(`update api_keys set scopes = '["read"]'`));
  const ended = new Promise<void>((resolve) => {
    ring.onEnd({ key, endsAt: null }, () => {
      told.push('revoked');
      resolve();
    });
  });
  withKeys(file, (administration) => administration.revoke('robot', ADMINISTRATOR));
  await ended;
  expect(told).toEqual(['revoked']);
});
