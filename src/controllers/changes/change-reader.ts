import { BYTE_LIMITS } from '../../domain/byte-limits.js';
import type { ChangePage, ChangeRepository } from '../../repositories/change-repository.js';
import type { ChangeHub, News, Wants } from './change-hub.js';
import { Mailbox } from './mailbox.js';

/**
 * Reads the change feed for one client from a position on: first what is there, then what comes. It takes what the hub
 * has read for everybody where that is exactly what comes next, and reads for itself where it has fallen behind, so that
 * nothing is kept for a client that does not keep up.
 */
export class ChangeReader {
  readonly #changes: ChangeRepository;
  readonly #hub: ChangeHub;
  readonly #wants: Wants | undefined;
  readonly #news = new Mailbox<News>();
  #position: number;
  #isAtEnd = false;
  /** Everything up to this revision was committed before the next read of our own. */
  #known = 0;
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
    const { leave, seen } = await this.#hub.listen(this.#wants ?? (() => true), this.#news);
    this.#leave = leave;
    this.#known = seen;
  }

  /** What comes next, up to `limit` tasks, possibly none; awaited when there is nothing yet. Null once ended. */
  async next(limit: number): Promise<ChangePage | null> {
    if (this.#news.isClosed) return null;
    if (!this.#isAtEnd) return this.#read(limit);
    const news = await this.#news.take();
    return news && this.#take(news, limit);
  }

  /** Ends a `next()` that waits, and every later one. */
  end(): void {
    this.#news.close();
  }

  close(): void {
    this.end();
    this.#leave?.();
  }

  async #read(limit: number): Promise<ChangePage> {
    const page = await this.#changes.since({
      after: this.#position,
      wants: this.#wants,
      limit,
      characters: BYTE_LIMITS.piece,
    });
    this.#isAtEnd = page.isLast;
    this.#position = page.isLast ? Math.max(page.revision, this.#known) : page.revision;
    return { ...page, revision: this.#position };
  }

  async #take({ after, upTo, tasks }: News, limit: number): Promise<ChangePage> {
    this.#known = Math.max(this.#known, upTo);
    const wanted = tasks.filter((task) => task.revision > this.#position && (this.#wants?.(task) ?? true));
    if (after > this.#position || wanted.length > limit) return this.#read(limit);
    this.#position = Math.max(this.#position, upTo);
    return { tasks: wanted, revision: this.#position, isLast: true };
  }
}
