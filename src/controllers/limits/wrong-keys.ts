import { Allowance } from '../../domain/allowance.js';
import type { Monotonic } from '../../domain/monotonic.js';
import { SpooliteError } from '../../domain/spoolite-error.js';
import { networkOf } from '../access/client-of.js';
import { RateLimited } from './rate-limited.js';

/** What holds unless it is said otherwise. */
export const WRONG_KEYS_PER_MINUTE = 30;

/**
 * Counts wrong keys by where they come from. Whoever brings too many is told to wait instead of why a key is wrong; good
 * keys from the same place go on, since many may share an address.
 */
export class WrongKeys {
  readonly #allowance: Allowance;

  constructor(perMinute: number, monotonic: Monotonic) {
    this.#allowance = new Allowance(perMinute, monotonic);
  }

  /** What to throw for what looking up a key has thrown. */
  counted(error: unknown, address: string | null): unknown {
    if (!(error instanceof SpooliteError) || error.code !== 'UNAUTHENTICATED') return error;
    const { isAllowed, waitMs } = this.#allowance.spend(networkOf(address));
    return isAllowed ? error : new RateLimited('Too many wrong keys came from this address', waitMs);
  }
}
