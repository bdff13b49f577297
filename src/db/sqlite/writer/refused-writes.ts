import type { ErrorCode } from '../../../core/errors.js';
import type { Reply, Request } from './group-committer.js';

/** Errors that are the storage's, not of what it was asked for. */
const CODES: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/** The largest that is tried again to learn whether it would pass. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What the storage refused, and as far as is known still would. */
export interface Refusal {
  /** Why, for people. */
  message: string;
  /** Size of the largest write among them; 0 where it was not refused for its size. */
  bytes: number;
}

/** Bytes of the texts in an operation's arguments, which is nearly all of what a large write writes. */
function bytesOf(args: unknown): number {
  if (typeof args === 'string') return Buffer.byteLength(args);
  if (typeof args !== 'object' || args === null) return 0;
  return Object.values(args).reduce<number>((sum, value) => sum + bytesOf(value), 0);
}

/** Remembers what was refused until something as large was stored: on a full disk there may be room for small writes. */
export class RefusedWrites {
  #refusal: Refusal | null = null;

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** To be called with each group's requests and their replies. True when the storage has refused some of them. */
  judge(requests: readonly Request[], replies: readonly Reply[]): boolean {
    let isRefused = false;
    for (const [at, reply] of replies.entries()) {
      const args = requests[at]?.args;
      if (!('error' in reply)) this.#accept(args);
      else if (reply.error.isOutcomeUnknown || CODES.includes(reply.error.code)) {
        isRefused = true;
        this.#refuse(reply.error.message, reply.error.code === 'STORAGE_FULL' ? bytesOf(args) : 0);
      }
    }
    return isRefused;
  }

  #accept(args: unknown): void {
    if (this.#refusal && bytesOf(args) >= this.#refusal.bytes) this.#refusal = null;
  }

  #refuse(message: string, bytes: number): void {
    const most = Math.max(bytes, this.#refusal?.bytes ?? 0);
    this.#refusal = { message, bytes: Math.min(most, MAX_BYTES) };
  }
}
