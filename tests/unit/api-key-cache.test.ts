import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { ApiKeyCache } from '../../src/auth/api-key-cache.js';
import { systemClock } from '../../src/index.js';
import type { KeyRepository, StoredKey } from '../../src/repositories/key-repository.js';

const KEY: StoredKey = {
  id: 1,
  name: 'robot',
  scopes: ['read'],
  hash: 'hash',
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
};

/** Keys on an engine that answers later: each look is answered by what there was when it began. */
class SlowKeys implements KeyRepository {
  keys: StoredKey[] = [KEY];
  current = 1;
  looks = 0;
  readonly answers: (() => void)[] = [];
  notice: () => void = () => undefined;

  version(): Promise<number> {
    this.looks++;
    const { current } = this;
    return new Promise((resolve) => this.answers.push(() => resolve(current)));
  }

  async list(): Promise<StoredKey[]> {
    return this.keys;
  }

  onCommit(_: () => void, notice: () => void): void {
    this.notice = notice;
  }

  async touch(): Promise<void> {}

  revokeAll(): void {
    this.keys = this.keys.map((key) => ({ ...key, revokedAt: 1 }));
    this.current++;
    this.notice();
  }
}

const ACCESS = { key: KEY, endsAt: null };

async function answerAll(keys: SlowKeys): Promise<void> {
  for (let next = keys.answers.shift(); next; next = keys.answers.shift()) {
    next();
    await turn();
  }
}

test('a look that began before a notice answers nobody who comes after it', async () => {
  const keys = new SlowKeys();
  const cache = new ApiKeyCache(keys, systemClock);
  const before = cache.isGood(ACCESS);
  await turn();
  keys.revokeAll();
  const after = cache.isGood(ACCESS);
  await answerAll(keys);
  await before;
  expect(await after).toBe(false);
  expect(keys.looks).toBe(2);
});

test('many who come at once share a look; while nothing was committed there is none', async () => {
  const keys = new SlowKeys();
  const cache = new ApiKeyCache(keys, systemClock);
  const asked = Array.from({ length: 100 }, () => cache.isGood(ACCESS));
  await turn();
  await answerAll(keys);
  expect(new Set(await Promise.all(asked))).toEqual(new Set([true]));
  expect(keys.looks).toBe(1);
  expect(cache.catchUp()).toBeUndefined();
});
