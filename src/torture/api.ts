import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../core/clock.js';
import { oneOf } from './random.js';

export interface Reply {
  status: number;
  /** Parsed JSON. */
  body: unknown;
}

/** Milliseconds after which a client abandons a request; shorter than many pauses, so that requests overlap. */
const REQUEST_TIMEOUT_MS = 1_000;

/** Milliseconds before retrying when no server takes connections. */
const RETRY_MS = 20;

const wasRefused = (error: unknown): boolean =>
  (error as { cause?: { code?: string } }).cause?.code === 'ECONNREFUSED';

/**
 * Sends requests to any of the servers. "No reply" is distinct from every reply: the outcome of such a request is
 * unknown.
 */
export class Api {
  readonly #addresses: () => string[];
  readonly #random: Random;
  readonly #over: AbortSignal;

  /** Once `over` is aborted, no more requests are sent. */
  constructor(addresses: () => string[], random: Random, over: AbortSignal) {
    this.#addresses = addresses;
    this.#random = random;
    this.#over = over;
  }

  /** Null if there was no reply. A refused connection does not count: another server is tried. */
  async send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply | null> {
    while (!this.#over.aborted) {
      const address = oneOf(this.#random, this.#addresses());
      try {
        if (address !== undefined) return await this.#ask(method, `${address}${path}`, body);
      } catch (error) {
        if (!wasRefused(error)) return null;
      }
      await sleep(RETRY_MS, this.#over);
    }
    return null;
  }

  async #ask(method: string, url: string, body: unknown): Promise<Reply> {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    return { status: response.status, body: await response.json() };
  }
}

/** Resolves after the delay, or as soon as the signal is aborted. */
export const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  delay(milliseconds, undefined, { signal }).catch(() => undefined);
