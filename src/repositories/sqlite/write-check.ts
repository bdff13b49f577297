import { RefusalMark } from '../../db/sqlite/refusal-mark.js';
import { MAX_GROUP } from '../../db/writer/thread-loop.js';
import type { Writer } from '../../db/writer/writer.js';
import type { SqliteOperations } from './operations/index.js';

/** Has the probe stand alone in its transaction: what there is no room for must not take other writes along. */
const ALONE = MAX_GROUP + 1;

/** Milliseconds that the question whether writes are possible waits for another process's lock. */
const BUSY_MS = 250;

/**
 * Tells whether writes are stored. Where a write was refused, to this process or to another, it tries one as large: only when
 * that passes would the refused one, too. What readiness and the reaper go by.
 */
export class WriteCheck {
  readonly #writer: Writer<SqliteOperations>;
  readonly #mark: RefusalMark;

  constructor(file: string, writer: Writer<SqliteOperations>) {
    this.#writer = writer;
    this.#mark = new RefusalMark(file);
  }

  /** What is wrong, for people; null when nothing was refused, or what was refused would now be stored. */
  async problem(): Promise<string | null> {
    const bytes = Math.max(this.#writer.refusal?.bytes ?? -1, this.#mark.bytes ?? -1);
    if (bytes < 0) return null;
    try {
      await this.#writer.run('probe', { filler: ' '.repeat(bytes) }, { busyMs: BUSY_MS, weight: ALONE });
      this.#mark.clear();
    } catch (error) {
      return this.#writer.refusal?.message ?? (error as Error).message;
    }
    return this.#writer.refusal?.message ?? null;
  }

  /** Whether any process was refused a write since this was last asked, or would be now. */
  async hasRefused(): Promise<boolean> {
    const wasRaised = this.#mark.hasChanged();
    const isRefusing = (await this.problem()) !== null;
    // What this look has cleared itself is no news to the next one.
    return this.#mark.hasChanged() || wasRaised || isRefusing;
  }
}
