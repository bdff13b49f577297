import { RefusalMark } from '../../db/sqlite/refusal-mark.js';
import { MAX_GROUP } from '../../db/writer/thread-loop.js';
import type { Writer } from '../../db/writer/writer.js';
import type { SqliteOperations } from './operations/index.js';

/** Keeps the probe alone in its transaction: its failure for lack of space must not affect other writes. */
const ALONE = MAX_GROUP + 1;

/** Milliseconds that the probe waits for another process's lock. */
const BUSY_MS = 250;

/**
 * Checks whether writes are stored, for readiness and the reaper. After a refused write, in this process or another, it
 * tries one as large: if that passes, so would the refused one.
 */
export class WriteCheck {
  readonly #writer: Writer<SqliteOperations>;
  readonly #mark: RefusalMark;

  constructor(file: string, writer: Writer<SqliteOperations>) {
    this.#writer = writer;
    this.#mark = new RefusalMark(file);
  }

  /** The problem, for people; null if nothing was refused, or the refused write would now be stored. */
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

  /** Whether a write of any process was refused since the last call, or would be now. */
  async hasRefused(): Promise<boolean> {
    const wasRaised = this.#mark.hasChanged();
    const isRefusing = (await this.problem()) !== null;
    // A mark cleared by this call is no change for the next one.
    return this.#mark.hasChanged() || wasRaised || isRefusing;
  }
}
