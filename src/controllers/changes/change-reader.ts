import { BYTE_LIMITS } from '../../domain/byte-limits.js';
import type { ChangePage, ChangeRepository } from '../../repositories/change-repository.js';
import type { ChangeHub, Wants } from './change-hub.js';
import { Mailbox } from './mailbox.js';
import type { ChangeSpan } from './recent-changes.js';

/**
 * Reads the change feed for one client from a position on: first what is there, then what comes. It takes what the hub
 * has read for everybody as long as that is at hand, and reads for itself where it has fallen behind, so that nothing is
 * kept for a client that does not keep up.
 */
export class ChangeReader {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #wants: Wants | undefined;
  readonly #news = new Mailbox<number>();
  #position: number;
  /** Whether it has read all that was there; from then on it follows the hub. */
  #isAtEnd = false;
  #leave: (() => void) | undefined;

  /** `position` is the revision after which to read; without `wants` everything is. */
  constructor(changes: ChangeRepository, hub: ChangeHub, position: number, wants?: Wants) {
    this.#changes = changes;
    this.#hub = hub;
    this.#position = position;
    this.#wants = wants;
  }

  /** Everything wanted up to this revision has been handed over. */
  get position(): number {
    return this.#position;
  }

  /** Call first. */
  async open(): Promise<void> {
    this.#leave = await this.#hub.listen(this.#wants, this.#news);
  }

  /** What comes next, up to `limit` tasks, possibly none; awaited when there is nothing yet. Null once ended. */
  async next(limit: number): Promise<ChangePage | null> {
    while (!this.#news.isClosed) {
      if (!this.#isAtEnd) return this.#hub.turns.run(() => this.#read(limit));
      const span = this.#hub.following(this.#position);
      if (span) return this.#take(span, limit);
      this.#isAtEnd = this.#position >= this.#hub.seen;
      if (this.#isAtEnd && (await this.#news.take()) === null) return null;
    }
    return null;
  }

  /** Ends a `next()` that waits, and every later one. */
  end(): void {
    this.#news.close();
  }

  close(): void {
    this.end();
    this.#leave?.();
  }

  async #read(limit: number): Promise<ChangePage | null> {
    if (this.#news.isClosed) return null;
    // Up to here everything was committed before the read.
    const seen = this.#hub.seen;
    const page = await this.#changes.since({
      after: this.#position,
      wants: this.#wants,
      limit,
      characters: BYTE_LIMITS.piece,
    });
    this.#isAtEnd = page.isLast;
    this.#position = page.isLast ? Math.max(page.revision, seen) : page.revision;
    return { ...page, revision: this.#position };
  }

  #take({ upTo, tasks }: ChangeSpan, limit: number): ChangePage {
    const wanted = tasks.filter((task) => task.revision > this.#position && (this.#wants?.(task) ?? true));
    const page = wanted.slice(0, limit);
    const isLast = page.length === wanted.length;
    this.#position = isLast ? upTo : (page.at(-1)?.revision ?? upTo);
    return { tasks: page, revision: this.#position, isLast };
  }
}
