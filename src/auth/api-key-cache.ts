import { hashOf, isToken } from '../core/api-key.js';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import type { KeyRepository, StoredKey } from '../repositories/key-repository.js';
import type { Principal } from './access-control.js';

/** Milliseconds between two notes of when keys were last used. */
const TOUCH_MS = 60_000;

/** Before the keys were read. */
const UNREAD = -1;

/** Timers of node count no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const refusal = (message: string): SpooliteError => new SpooliteError('UNAUTHENTICATED', message);

/**
 * The keys, in memory: looking one up costs a poll next to nothing. After a commit of any process the next request looks,
 * in one small read, whether a key has changed: who revokes a key can count on it at once. What is answered from memory
 * alone is to be asked after `catchUp`.
 */
export class ApiKeyCache {
  readonly #keys: KeyRepository;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #byHash = new Map<string, StoredKey>();
  #byId = new Map<number, StoredKey>();
  /** By tokens that were good: hashing costs more than all the rest. */
  #byToken = new Map<string, StoredKey>();
  #version = UNREAD;
  /** Commits that this process was notified of, and how many of them the keys in memory are known to be newer than. */
  #notices = 1;
  #seen = 0;
  #looking: Promise<void> | undefined;
  #uses = new Map<number, number>();
  #touchAt = 0;

  constructor(keys: KeyRepository, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Undefined while the keys in memory hold; else resolves when they do. Throws NOT_READY where they cannot be read. */
  catchUp(): Promise<void> | undefined {
    return this.#seen === this.#notices ? undefined : this.#lookAfter(this.#notices);
  }

  /** Whether everybody may come in, as there never was a key. Throws NOT_READY. */
  async isOpen(): Promise<boolean> {
    await this.catchUp();
    return !this.hasKeys;
  }

  /** Whether there ever was a key, from memory. */
  get hasKeys(): boolean {
    return this.#byId.size > 0;
  }

  /** The key of a token, from memory. Throws UNAUTHENTICATED, saying why. */
  withToken(token: string): StoredKey {
    const known = this.#byToken.get(token);
    if (known) return this.#usable(known);
    const key = isToken(token) ? this.#byHash.get(hashOf(token)) : undefined;
    if (!key) throw refusal('This is not a key of this server');
    this.#byToken.set(token, key);
    return this.#usable(key);
  }

  /** The key itself, from memory, for who proves that it is his; else null. Throws UNAUTHENTICATED, saying why, to its owner alone. */
  withId(id: number, isOwner: (key: StoredKey) => boolean): StoredKey | null {
    const key = this.#byId.get(id);
    return key && isOwner(key) ? this.#usable(key) : null;
  }

  /** Whether a principal would be let in now: with a key that is as it was, without one while there is none. Throws NOT_READY. */
  async isGood(access: Pick<Principal, 'key' | 'endsAt'>): Promise<boolean> {
    await this.catchUp();
    return this.#holds(access);
  }

  /**
   * Calls `listener` once, when what was let in is good no more, which may be at once. For what stays open without being
   * asked for again. Resolves to a function that ends it. Throws NOT_READY where the keys cannot be read.
   */
  async onEnd(access: Pick<Principal, 'key' | 'endsAt'>, listener: () => void): Promise<() => void> {
    await this.catchUp();
    let timer: NodeJS.Timeout | undefined;
    const look = () => {
      clearTimeout(timer);
      if (this.#holds(access)) return lookLater();
      this.#listeners.delete(look);
      listener();
    };
    // A timer may come a moment early, by the clock that counts, and none is as long as some keys last.
    const lookLater = () => {
      if (access.endsAt === null) return;
      const left = Math.min(Math.max(access.endsAt - this.#clock.now(), 1), LONGEST_TIMER_MS);
      timer = setTimeout(look, left).unref();
    };
    this.#listeners.add(look);
    look();
    return () => {
      clearTimeout(timer);
      this.#listeners.delete(look);
    };
  }

  /** Writes down what is not yet noted of when keys were used. */
  async noteUses(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    // Nobody's request fails with it; the next use is noted again.
    if (uses.size > 0) await this.#keys.touch(uses).catch(() => undefined);
  }

  #isExpired({ expiresAt }: StoredKey): boolean {
    return expiresAt !== null && this.#clock.now() >= expiresAt;
  }

  #usable(key: StoredKey): StoredKey {
    const now = this.#clock.now();
    if (key.revokedAt !== null) throw refusal(`The key "${key.name}" is revoked`);
    if (this.#isExpired(key)) throw refusal(`The key "${key.name}" has expired`);
    this.#uses.set(key.id, now);
    if (now >= this.#touchAt) {
      this.#touchAt = now + TOUCH_MS;
      void this.noteUses();
    }
    return key;
  }

  #holds({ key, endsAt }: Pick<Principal, 'key' | 'endsAt'>): boolean {
    if (endsAt !== null && this.#clock.now() >= endsAt) return false;
    if (key === null) return !this.hasKeys;
    const current = this.#byId.get(key.id);
    return current?.hash === key.hash && current.revokedAt === null;
  }

  async #lookAfter(notice: number): Promise<void> {
    // A look that is under way may have begun before the notice.
    await this.#looking?.catch(() => undefined);
    if (this.#seen >= notice) return;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #look(): Promise<void> {
    const notices = this.#notices;
    if (this.#version === UNREAD) this.#keys.onCommit(this.#onCommit, this.#notice);
    const version = await this.#readVersion();
    if (version === null) return;
    if (version !== this.#version) {
      const keys = await this.#readKeys();
      this.#version = version;
      this.#byHash = new Map(keys.map((key) => [key.hash, key]));
      this.#byId = new Map(keys.map((key) => [key.id, key]));
      this.#byToken = new Map();
      for (const listener of [...this.#listeners]) listener();
    }
    this.#seen = notices;
  }

  readonly #notice = (): void => {
    this.#notices++;
  };

  readonly #onCommit = (): void => {
    this.#notice();
    // Whoever listens has something open that nobody asks about again. Where it fails, the next request is refused.
    if (this.#listeners.size > 0) this.catchUp()?.catch(() => undefined);
  };

  /** Nobody is let in by keys that may have changed. */
  async #readKeys(): Promise<StoredKey[]> {
    try {
      return await this.#keys.list();
    } catch (cause) {
      throw Object.assign(new SpooliteError('NOT_READY', 'The keys cannot be read'), { cause });
    }
  }

  /** Null where the storage can no longer be read: what was read before holds, and the request itself will fail at that. */
  async #readVersion(): Promise<number | null> {
    try {
      return await this.#keys.version();
    } catch (cause) {
      if (this.#version !== UNREAD) return null;
      throw Object.assign(new SpooliteError('NOT_READY', 'The storage cannot be read'), { cause });
    }
  }
}
